"""The page of all rules, generated from the packs, for a compliance officer to read and sign.

Whatever a pack says is escaped: on the page it is words, never markup.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, get_args

import jinja2
from markupsafe import Markup

from agentassist import dialling_in_words, rules_in_words
from agentassist.cleaning import clean
from agentassist.errors import MendableError
from agentassist.export.escaping import inline
from agentassist.pack_checks import Read
from agentassist.rulebook import AnyRule, Pack, Rulebook, version
from agentassist.rules_of_cues import CueRule, SequenceRule, Words
from agentassist.rules_of_dialling import AnyDiallingRule
from agentassist.rules_of_words import ContextRule, Examples, LabelRule, MarkRule, WordRule
from agentassist.vocabulary import LABELS_OF, OBJECTIVES, PRIORITIES, SPEAKER_OF, Party, Severity

FOLDER = Path(__file__).parent / "templates"
TEMPLATE = "rules.md.j2"


class Saying(NamedTuple):
    """Words of a cue, and when they are said; empty for the first time."""

    when: str
    words: Words


class Entry(NamedTuple):
    """A rule in words."""

    id: str
    file: str
    """Where it stands, within the folder of its pack."""
    says: tuple[Saying, ...]
    facts: tuple[tuple[str, str], ...]
    """What else there is to know of it, each with its title; only what there is."""
    fire: tuple[str, ...]
    hold: tuple[str, ...]
    phrases: tuple[str, ...] = ()


class PackPage(NamedTuple):
    """A pack, of all its files."""

    name: str
    version: str
    about: tuple[tuple[str, str], ...]
    """What each of its files is for."""
    facts: tuple[tuple[str, str], ...]
    cues: tuple[Entry, ...]
    dialling: tuple[Entry, ...]
    words: tuple[Entry, ...]
    """Labels, marks and context rules."""
    parts: tuple[Pack, ...]

    def all(self, kind: str) -> tuple[Any, ...]:
        """What its files have of that, as `checklist`; nothing where packs have none."""
        return tuple(value for part in self.parts for value in getattr(part, kind, ()))

    def blocks(self, kind: str) -> tuple[dict[str, str], ...]:
        """The same as titled words, for what this page has no form for."""
        return tuple(rules_in_words.fields(value) for value in self.all(kind))


def page(rulebook: Rulebook, written: Sequence[Read], pack: str = "") -> str:
    """The page as Markdown; of the rules in force under one pack where that is named.

    Raises MendableError where there is none of that name.
    """
    if pack and pack not in rulebook.versions:
        there = ", ".join(sorted(rulebook.versions))
        raise MendableError(f"--pack: no rule pack {pack}; there are: {there}")
    others = rulebook.local.keys() - {pack} if pack else frozenset[str]()
    shown = {name: v for name, v in rulebook.versions.items() if name not in others}
    packs = tuple(_pack(name, written, rulebook) for name in shown)
    return _template().render(
        pack=pack,
        version=version(shown, rulebook.digest),
        digest=rulebook.digest,
        packs=packs,
        budget=rulebook.budget,
        tiers=rulebook.tiers,
        labels=_glossary(),
        marks=tuple(rule for part in packs for rule in part.all("rules") if _is_mark(rule)),
        objectives=[(name, rules_in_words.names().objectives[name]) for name in OBJECTIVES],
        helplines=rulebook.helplines,
    )


def _is_mark(rule: object) -> bool:
    return isinstance(rule, MarkRule)


def _glossary() -> list[tuple[str, Party, str]]:
    meanings = rules_in_words.names().labels
    return [
        (rules_in_words.plain(label), party, meanings[label])
        for party, labels in LABELS_OF.items()
        for label in labels
    ]


def _pack(name: str, written: Sequence[Read], rulebook: Rulebook) -> PackPage:
    read = [(source.file.name, pack) for source, pack in written if pack.pack == name]
    rules = [(file, rule) for file, pack in read for rule in pack.rules]
    parts = tuple(pack for _, pack in read)
    return PackPage(
        name=name,
        version=rulebook.versions[name],
        about=tuple((file, pack.about) for file, pack in read if pack.about),
        facts=tuple(_pack_facts(parts)),
        cues=tuple(
            _cue(file, rule, rulebook)
            for file, rule in sorted(rules, key=_pressing)
            if isinstance(rule, CueRule)
        ),
        dialling=tuple(
            _before(file, rule, rulebook) for file, pack in read for rule in pack.dialling
        ),
        words=tuple(
            _heard(file, rule) for file, rule in rules if isinstance(rule, WordRule | ContextRule)
        ),
        parts=parts,
    )


def _pressing(named: tuple[str, AnyRule]) -> tuple[int, int]:
    """Most pressing first: by priority, then by severity."""
    rule = named[1]
    if not isinstance(rule, CueRule):
        return (0, 0)
    return PRIORITIES.index(rule.priority), (*get_args(Severity), None).index(rule.severity)


def _pack_facts(parts: Iterable[Pack]) -> Iterator[tuple[str, str]]:
    countries = [country for pack in parts for country in pack.countries]
    replaced = [rule for pack in parts for rule in pack.replaces]
    yield "In force", f"in {', '.join(countries)}" if countries else "everywhere"
    if replaced:
        yield "Silent where it is in force", ", ".join(replaced)


def _before(file: str, rule: AnyDiallingRule, rulebook: Rulebook) -> Entry:
    """A rule of dialling; whatever its verdict, its examples stand in one list."""
    facts = (*dialling_in_words.facts(rule), *_silenced(rule.id, rulebook))
    return Entry(rule.id, file, (), facts, tuple(dialling_in_words.examples(rule)), ())


def _silenced(rule: str, rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    packs = [name for name, local in rulebook.local.items() if rule in local.replaces]
    if packs:
        yield "Silent in", ", ".join(packs)


def _cue(file: str, rule: CueRule, rulebook: Rulebook) -> Entry:
    return Entry(
        rule.id, file, tuple(_sayings(rule)), tuple(_cue_facts(rule, rulebook)), *_tried(rule)
    )


def _sayings(rule: CueRule) -> Iterator[Saying]:
    yield Saying("", rules_in_words.told(rule.words))
    for times, words in enumerate(rule.then, 2):
        yield Saying(f"the {_nth(times)} time", rules_in_words.told(words))
    if rule.asks:
        yield Saying("where the account does not tell", rules_in_words.told(rule.asks))
    for step in rule.steps if isinstance(rule, SequenceRule) else ():
        name = rules_in_words.plain(step.name)
        if step.words:
            yield Saying(f"{name} left out", rules_in_words.told(step.words))
        if step.asks:
            yield Saying(f"{name}, the account does not tell", rules_in_words.told(step.asks))


def _nth(times: int) -> str:
    return {2: "second", 3: "third"}.get(times, f"{times}th")


def _cue_facts(rule: CueRule, rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    names = rules_in_words.names()
    pressing = names.priorities[rule.priority]
    yield "Fires", rules_in_words.fires(rule)
    if heard := rules_in_words.hears(rule):
        yield "Hears", ", ".join(_with_party(name, rulebook) for name in heard)
    if rule.account:
        yield "Only where", rules_in_words.conditions(rule.account)
    for step in rule.steps if isinstance(rule, SequenceRule) else ():
        if step.account:
            title = f"Step {rules_in_words.plain(step.name)} only where"
            yield title, rules_in_words.conditions(step.account)
    yield "Severity", names.severities[rule.severity] if rule.severity else "none"
    yield "Priority", pressing
    if rule.taken_by:
        yield "Done by", rules_in_words.either(rule.taken_by)
    yield "Guards", " ".join(rules_in_words.guards(rule))
    yield from _silenced(rule.id, rulebook)
    if rule.protocol:
        yield (
            "Begins the protocol",
            next(p.name for p in rulebook.protocols if p.id == rule.protocol),
        )
    if rule.audience != "agent":
        yield "For", f"the {rule.audience}, not shown to the agent"
    yield "Source", rule.source or "none named"
    if rule.examples.account:
        yield "Its examples", f"of an account with {rules_in_words.known(rule.examples.account)}"


def _with_party(name: str, rulebook: Rulebook) -> str:
    by = SPEAKER_OF.get(name.partition(":")[0]) or next(
        r.by for r in rulebook.marks if r.mark == name
    )
    return f"{rules_in_words.plain(name)} (by the {by})"


def _heard(file: str, rule: WordRule | ContextRule) -> Entry:
    shown = rule.any if isinstance(rule, MarkRule) else ()
    return Entry(rule.id, file, (), tuple(_word_facts(rule)), *_tried(rule), phrases=shown)


def _word_facts(rule: WordRule | ContextRule) -> Iterator[tuple[str, str]]:
    if isinstance(rule, ContextRule):
        until = f" and no {rules_in_words.either(rule.until)} since" if rule.until else ""
        holds = f"{rules_in_words.either(rule.beside)}, with {rules_in_words.either(rule.since)}"
        yield "Gives the label", rules_in_words.plain(rule.label)
        yield "To a turn that holds", f"{holds} heard before{until}"
        yield "Source", rule.source or "none named"
        return
    if isinstance(rule, LabelRule):
        yield "Gives the label", rules_in_words.plain(rule.label)
        yield "By", f"{len(rule.any)} phrases of the {rule.speaker}"
    elif isinstance(rule, MarkRule):
        yield "Gives the mark", rules_in_words.plain(rule.mark)
        yield "By", f"the {rule.speaker}"
    if rule.answers:
        yield "Only in answer to", rules_in_words.either(rule.answers)
    if guards := len(rule.unless) + len(rule.unless_turn):
        yield "Guards", f"{guards} phrases take it back"
    yield "Source", rule.source or "none named"


def _tried(rule: WordRule | ContextRule | CueRule) -> tuple[tuple[str, ...], tuple[str, ...]]:
    examples: Examples = rule.examples
    fire, hold = (
        tuple(rules_in_words.example(said) for said in each)
        for each in (examples.fire, examples.hold)
    )
    return fire, hold


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        finalize=_marked,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "plain": rules_in_words.plain,
        "either": rules_in_words.either,
        "due": rules_in_words.due,
        "filled": rules_in_words.filled,
        "code": _code,
    }
    return environment.get_template(TEMPLATE)


def _marked(value: Any) -> Markup:
    """For Markdown, once, and nothing that a terminal would obey."""
    if isinstance(value, Markup):
        return value
    return Markup(inline(clean(str(value))))  # noqa: S704 - escaped for Markdown on this line


def _code(lines: Iterable[str]) -> Markup:
    """A block of lines as they are, which nothing in them can end."""
    block = "\n".join(clean(" ".join(line.split())) for line in lines)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", block)), default=0))
    return Markup(f"{fence}text\n{block}\n{fence}")  # noqa: S704 - nothing in it is markup
