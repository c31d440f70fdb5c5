"""Templates: the shipped ones, and an organisation's own with its faults told at their line."""

from pathlib import Path

import pytest
from export_calls import CALLS, NASTY, call_of, note_saying

from agentassist.export.templates import (
    SHIPPED,
    Kind,
    Template,
    TemplateError,
    kind_of,
    read,
    shipped,
)


def own(folder: Path, source: str, kind: Kind = "text") -> Template:
    file = folder / ("ours.md.j2" if kind == "markdown" else "ours.txt.j2")
    file.write_text(source, encoding="utf-8")
    return read(file, kind)


@pytest.mark.parametrize("kind", SHIPPED)
def test_the_shipped_templates_pass_their_own_check(kind: Kind) -> None:
    shipped(kind).check()


def test_an_own_template_says_what_it_likes(tmp_path: Path) -> None:
    source = (
        "{% for promise in note.promises %}"
        '{{ promise.amount | money(promise.currency) }} {{ promise.date | day("%d/%m/%Y") }} '
        "{{ promise.method or '-' }}{% endfor %}|{{ account.creditor }}|{{ call.date | day }}|"
        "{{ wishes | join(', ') }}|{{ note.hardship | map('told') | join }}"
    )
    written = own(tmp_path, source).render(*CALLS["planned"])
    assert written == (
        "£40.00 27/03/2026 direct_debit|Summerfield|Thursday 12 March 2026|"
        "no contact at work|reduced hours\n"
    )


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        (
            "fine\n{{ outcme }}",
            2,
            'unknown name "outcme"; there are: note, account, call, outcome,',
        ),
        ("\n\n{% if false %}{{ amount }}{% endif %}", 3, 'unknown name "amount"'),
        ("{{ note.promisses }}", 1, 'unknown name "promisses"; there are: outcome, action_code,'),
        (
            "\n{% for p in note.promises %}\n{{ p.sum }}\n{% endfor %}",
            3,
            'unknown name "sum"; there are: amount, currency, date, method',
        ),
        ("{{ note.plan.amount }}", 1, "'None' has no attribute 'amount'"),
        ("{{ outcome\n", 1, "not a template"),
        ("a\n{% if outcome %}", 2, "not a template"),
        ("{{ outcome | shout }}", 1, "shout"),
        ("\n{{ 1 / 0 }}", 2, "ZeroDivisionError"),
        ("{{ call.date.year }}", 1, "'None' has no attribute 'year'"),
    ],
    ids=[
        "top",
        "dead-branch",
        "note",
        "promise",
        "none",
        "open",
        "if",
        "filter",
        "zero",
        "no-date",
    ],
)
def test_a_fault_is_told_at_its_line_with_the_names_there_are(
    tmp_path: Path, source: str, line: int, words: str
) -> None:
    with pytest.raises(TemplateError) as told:
        own(tmp_path, source)
    assert str(told.value).startswith(f"{tmp_path / 'ours.txt.j2'}:{line}: ")
    assert words in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "source",
    [
        "{{ note.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ note['__class__'] }}",
        "{{ note | attr('__class__') }}",
        "{{ '{0.__class__}'.format(note) }}",
        "{{ outcome.__init__.__globals__ }}",
        "{% include '/etc/hostname' %}",
        "{% include '../../../etc/hostname' %}",
        "{% import 'os' as os %}{{ os }}",
        "{% extends 'secret.txt' %}",
        "{{ lipsum.__globals__ }}",
        "{{ self.__init__ }}",
        "{{ range(10000000) | list }}",
        "{% set _ = note.promises.append(1) %}{{ _ }}",
    ],
)
@pytest.mark.parametrize("kind", SHIPPED)
def test_a_template_reaches_no_file_and_nothing_behind_its_values(
    tmp_path: Path, source: str, kind: Kind
) -> None:
    with pytest.raises(TemplateError) as told:
        own(tmp_path, source, kind)
    assert "localhost" not in str(told.value)


def test_a_template_may_stand_on_a_shipped_one(tmp_path: Path) -> None:
    written = own(tmp_path, "For the file:\n{% include 'short.txt.j2' %}").render(*CALLS["planned"])
    assert written.startswith("For the file:\nPayment plan agreed (RPC-PTP)")


def test_what_an_own_markdown_template_prints_is_escaped_once(tmp_path: Path) -> None:
    source = (
        "{% macro item(text) %}\n- **{{ text }}**\n{% endmacro %}"
        "{% set all = support | join(' / ') %}"
        "{{ item(all) }}{{ item(wishes[-1] if wishes else '') }}{{ '*done*' | safe }}"
    )
    template = own(tmp_path, source, "markdown")
    written = template.render(call_of(), note_saying("*a* <b>"))
    assert r"- **needs \*a\* \<b\> / told of \*a\* \<b\>**" in written
    assert r"- **represented by \*a\* \<b\>**" in written
    assert "*done*" in written


def test_words_of_the_call_may_not_be_called_safe(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="as markup"):
        own(tmp_path, "{{ support | join | safe }}", "markdown")


def test_words_of_the_call_are_no_template(tmp_path: Path) -> None:
    written = own(tmp_path, "{{ support[0] if support }}").render(*CALLS["nasty 5"])
    assert "{{ 7 * 7 }} {% for x in y %}" in written


@pytest.mark.parametrize("kind", SHIPPED)
def test_a_template_that_forgets_what_is_to_be_confirmed_tells_it_all_the_same(
    tmp_path: Path, kind: Kind
) -> None:
    written = own(tmp_path, "{{ outcome }}", kind).render(*CALLS["doubted"])
    assert written == "promise to pay\n\nCONFIRM sum of the promise: £3.50 or £350.00\n"
    shown = own(tmp_path, "{{ confirm | join('; ') }}", kind).render(*CALLS["doubted"])
    assert shown.count("£350.00") == 1


def test_a_template_that_fails_on_a_call_says_so_without_its_words(tmp_path: Path) -> None:
    source = "\n{{ {'wrong': 1}[support[0]] if support and 'HYPER' in support[0] }}"
    template = own(tmp_path, source)
    with pytest.raises(TemplateError, match=r"txt\.j2:2: fails on this call") as told:
        template.render(*CALLS["nasty 0"])
    assert NASTY[0] not in str(told.value)
    assert "evil" not in str(told.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no such file"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"x" * 200_000, "is it a template?"),
    ],
    ids=["missing", "binary", "huge"],
)
def test_a_file_that_is_no_template_is_refused(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    file = tmp_path / "ours.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(TemplateError, match=words):
        read(file, "text")


def test_a_folder_is_no_template(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="can't be read"):
        read(tmp_path, "text")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.md", "markdown"), ("a.md.j2", "markdown"), ("a.txt.j2", "text"), ("a.jinja", "text")],
)
def test_a_templates_name_says_what_it_writes(name: str, kind: Kind) -> None:
    assert kind_of(Path(name)) == kind
