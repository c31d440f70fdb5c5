"""The page that a compliance officer signs: every rule, whatever a pack says, and up to date."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from agentassist import packs, rule_page, rules_in_words
from agentassist.rules_of_cues import CueRule
from agentassist.vocabulary import OBJECTIVES, SPEAKER_OF
from tests.conftest import Run

COMMITTED = packs.SHIPPED / "RULES.md"

PACK = """
pack: {name}
version: "1"
countries: [{country}]
rules:
  - kind: said
    id: {name}-threat
    cue: withdraw
    label: [threat]
    words: {{do: Withdraw it, why: "{why}", say: That is not happening.}}
    account: {{role: [third_party, debt_buyer]}}
    asks: {{do: Do you collect for another?, why: The account does not say., say: Let me check.}}
    examples: {{fire: [We'll have a bailiff at your door.], hold: [How are you?]}}
"""


def _folder(tmp_path: Path, why: str = "It scares.") -> Path:
    for name, country in (("elbonia", "EL"), ("ruritania", "RU")):
        text = PACK.format(name=name, country=country, why=why)
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_committed_page_is_what_the_packs_give() -> None:
    given = rule_page.page(*packs.written())
    assert COMMITTED.read_text(encoding="utf-8") == given, (
        "the packs changed: run agentassist rules page --out agentassist/rules/RULES.md"
    )


def test_every_rule_item_protocol_and_number_is_on_the_page() -> None:
    rulebook, written = packs.written()
    page = rule_page.page(rulebook, written)
    rules = [rule for _, pack in written for rule in pack.rules]
    assert all(f"#### {rule.id}\n" in page for rule in rules)
    assert all(f"| {item.title} |" in page for item in rulebook.checklist)
    assert all(f"### {protocol.name}: " in page for protocol in rulebook.protocols)
    assert all(f"| {line.number} |" in page for line in rulebook.helplines)
    assert page.count(rulebook.version) == 2
    assert all(text in page for text in ("Name: ___", "Date: ___", "Signature: ___"))


def test_a_rule_is_told_with_condition_question_source_and_examples(tmp_path: Path) -> None:
    page = rule_page.page(*packs.written(_folder(tmp_path)))
    told = page[page.index("#### elbonia-threat") : page.index("## Pack ruritania")]
    assert told.splitlines()[2:] == [
        "- **Says:** Withdraw it",
        "  - Why: It scares.",
        "  - To say: “That is not happening.”",
        "- **Says, where the account does not tell:** Do you collect for another?",
        "  - Why: The account does not say.",
        "  - To say: “Let me check.”",
        "- **Fires:** As soon as a turn holds threat.",
        "- **Hears:** threat (by the agent)",
        "- **Only where:** role is third party or debt buyer",
        "- **Severity:** none",
        "- **Priority:** normal",
        (
            "- **Guards:** At most 2 times a call, 60 seconds apart; gone after 40 seconds or 2"
            " turns of the agent without it."
        ),
        "- **Source:** none named",
        "- **Must fire:** “We'll have a bailiff at your door.”",
        "- **Must not fire:** “How are you?”",
        "- **Stands in:** elbonia.yaml",
        "",
    ]


def test_a_page_of_one_pack_leaves_other_countries_out(tmp_path: Path, run: Run) -> None:
    out = tmp_path / "page.md"
    done = run("rules", "page", "--pack", "elbonia", "--rules", _folder(tmp_path), "--out", out)
    assert done.code == 0
    page = out.read_text(encoding="utf-8")
    assert "elbonia-threat" in page
    assert "ruritania" not in page


def test_a_pack_that_there_is_not_is_one_line_with_those_that_there_are(
    tmp_path: Path, run: Run
) -> None:
    done = run("rules", "page", "--pack", "narnia", "--rules", _folder(tmp_path))
    assert (done.code, done.out) == (1, "")
    told = "agentassist: --pack: no rule pack narnia; there are: elbonia, ruritania\n"
    assert done.err == told


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_a_pack_says_is_no_markup_on_the_page(why: str) -> None:
    marked = str(rule_page._marked(f"x{why}"))
    (inline,) = MarkdownIt("commonmark").enable("table").parse(f"a {marked}")[1:2]
    assert {token.type for token in inline.children or []} <= {"text", "text_special"}
    assert not any(ord(letter) < 32 for letter in marked)


@given(st.lists(st.text("`a\n~ |*"), min_size=1))
def test_no_phrase_ends_the_block_that_it_stands_in(phrases: list[str]) -> None:
    tokens = MarkdownIt("commonmark").parse(f"a\n\n{rule_page._code(phrases)}\n\nb")
    assert [token.type for token in tokens if token.level == 0] == [
        *("paragraph_open", "inline", "paragraph_close")[::2],
        "fence",
        *("paragraph_open", "paragraph_close"),
    ]


def test_every_code_of_the_vocabulary_has_a_meaning() -> None:
    names = rules_in_words.names()
    assert names.labels.keys() == SPEAKER_OF.keys()
    assert {*names.objectives} == {*OBJECTIVES}


@pytest.mark.parametrize(
    "rule",
    [r for _, p in packs.written()[1] for r in p.rules if isinstance(r, CueRule)],
    ids=lambda rule: rule.id,
)
def test_every_cue_rule_says_in_a_sentence_when_it_fires(rule: CueRule) -> None:
    told = rules_in_words.fires(rule)
    assert told[0].isupper()
    assert told.endswith(".")
    assert "_" not in told
    assert "  " not in told
