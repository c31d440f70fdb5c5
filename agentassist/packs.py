"""YAML packs -> a checked rulebook. Every fault names file, line, column, key and the mend."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias, TypeVar

import msgspec
import yaml

from agentassist.errors import MendableError
from agentassist.phrases import PhraseError, Phrases
from agentassist.rulebook import AnyRule, Budget, Local, Pack, Rulebook
from agentassist.rules_of_cues import CueRule, SequenceRule, orders
from agentassist.rules_of_words import ContextRule, LabelRule, MarkRule, WordRule
from agentassist.vocabulary import SPEAKER_OF

SHIPPED = Path(__file__).parent / "rules"
OF_THE_NOTE = (*sorted((SHIPPED / "general").glob("note-*.yaml")), SHIPPED / "general/codes.yaml")
"""What the note tells things apart by, also where somebody's own rules know nothing of it."""

Told = TypeVar("Told")
KeyPath: TypeAlias = tuple[str | int, ...]


class RulebookError(MendableError):
    """A rulebook that can't be used; one fault a line, each at its `file:line:column`."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class Source(NamedTuple):
    """A pack's text, with the line and column (from 1) of everything in it."""

    file: Path
    data: Any
    places: dict[KeyPath, tuple[int, int]]

    def at(self, path: KeyPath) -> str:
        """`file:line:column` of the value there, or of the nearest thing around it."""
        while path not in self.places:
            path = path[:-1]
        line, column = self.places[path]
        return f"{self.file}:{line}:{column}"


def load(*paths: Path) -> Rulebook:
    """Packs from files or folders of `.yaml` files; all shipped packs where none is named.

    Raises RulebookError with every fault that was found.
    """
    sources = [_read(file) for path in paths or shipped() for file in _files(path)]
    if not any(isinstance(s.data, dict) and s.data.get("wordings") for s in sources):
        sources += [_read(file) for file in OF_THE_NOTE]
    found = [(source, *_checked(source)) for source in sources]
    faults = [fault for _, _, wrong in found for fault in wrong]
    if faults:
        raise RulebookError(faults)
    packs = [(source, pack) for source, pack, _ in found if pack is not None]
    terms = {name: text for _, pack in packs for name, text in pack.terms.items()}
    if faults := [*_told_twice(packs), *_bad_phrases(packs, terms), *_unknown_names(packs)]:
        raise RulebookError(faults)
    return _joined(packs, terms)


def shipped() -> tuple[Path, ...]:
    """The folders of the shipped packs; the one that holds everywhere first."""
    local = sorted(file.parent for file in SHIPPED.glob("*/pack.yaml"))
    return (SHIPPED / "general", *local)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        files = sorted(path.glob("*.yaml"))
        if not files:
            raise RulebookError([f"{path}: no .yaml file in this folder; name a folder of packs"])
        return files
    if not path.exists():
        raise RulebookError([f"{path}: no such file; name a pack or a folder of packs"])
    return [path]


def _read(file: Path) -> Source:
    try:
        loader = yaml.CSafeLoader(file.read_text(encoding="utf-8"))
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else f"{file}"
        raise RulebookError([f"{place}: not YAML: {error.problem}"]) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RulebookError([f"{file}: can't be read: {error}"]) from None
    if not isinstance(node, yaml.MappingNode):
        raise RulebookError([f"{file}:1:1: expected a pack: a mapping with `pack` and `rules`"])
    places: dict[KeyPath, tuple[int, int]] = {}
    twice = [f"{file}:{fault}" for fault in _note_places(node, (), places)]
    if twice:
        raise RulebookError(twice)
    return Source(file, loader.construct_document(node), places)


def _note_places(
    node: yaml.Node, path: KeyPath, places: dict[KeyPath, tuple[int, int]]
) -> Iterator[str]:
    """Fills `places`; yields keys that stand twice in one mapping."""
    places.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = (*path, key.value)
            line, column = key.start_mark.line + 1, key.start_mark.column + 1
            if below in places:
                yield f"{line}:{column}: {key.value}: stands twice here; keep one"
            places[below] = (line, column)
            yield from _note_places(value, below, places)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _note_places(value, (*path, index), places)


def _checked(source: Source) -> tuple[Pack | None, list[str]]:
    """The pack, or its faults: rule by rule, so that all are told at once."""
    rules = source.data.get("rules") or []
    if not isinstance(rules, list):
        return None, [f"{source.at(('rules',))}: rules: expected a list of rules"]
    faults = [fault for i, rule in enumerate(rules) for fault in _fault(source, rule, ("rules", i))]
    rest = {key: value for key, value in source.data.items() if key != "rules"}
    try:
        pack = msgspec.convert(rest, Pack)
    except msgspec.ValidationError as error:
        return None, [_told(source, (), error), *faults]
    if faults:
        return None, faults
    return msgspec.structs.replace(pack, rules=msgspec.convert(rules, tuple[AnyRule, ...])), []


def _fault(source: Source, rule: Any, path: KeyPath) -> list[str]:
    try:
        msgspec.convert(rule, AnyRule)
    except msgspec.ValidationError as error:
        return [_told(source, path, error)]
    return []


_WHERE = re.compile(r"^(?P<what>.*?)(?: - at `\$?(?P<path>[^`]*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.([A-Za-z_]\w*)|\[(\d+)\]|\[\.\.\.\]")


def _told(source: Source, path: KeyPath, error: msgspec.ValidationError) -> str:
    """`file:line:column: key: what was expected`."""
    match = _WHERE.match(str(error))
    assert match is not None
    what, below = match["what"], match["path"] or ""
    path += tuple(key or int(index) for key, index in _STEP.findall(below) if key or index)
    if field := re.search(r"unknown field `(\w+)`", what):
        path += (field.group(1),)
        what = "unknown key; see `agentassist rules kinds` for those that each kind has"
    if field := re.search(r"missing required field `(\w+)`", what):
        return f"{source.at(path)}: {field.group(1)}: missing; see `agentassist rules kinds`"
    keys = [step for step in path if isinstance(step, str) and step != "rules"]
    key = keys[-1] if keys else "pack"
    return f"{source.at(path)}: {key}: {what}"


def _told_twice(packs: list[tuple[Source, Pack]]) -> Iterator[str]:
    """What two files tell differently: one would silently win over the other."""
    named = [
        *(
            (rule.id, s.at(("rules", i, "id")), "id")
            for s, p in packs
            for i, rule in enumerate(p.rules)
        ),
        *((name, s.at(("terms", name)), "terms") for s, p in packs for name in p.terms),
        *((name, s.at(("details", name)), "details") for s, p in packs for name in p.details),
    ]
    versions = {p.pack: p.version for _, p in reversed(packs)}
    for source, pack in packs:
        if pack.version != (known := versions[pack.pack]):
            yield f"{source.at(('version',))}: version: the pack's other files say {known!r}"
    seen: set[tuple[str, str]] = set()
    for name, place, key in named:
        if (key, name) in seen:
            yield f"{place}: {key}: {name} is taken already; choose another name, or keep one"
        seen.add((key, name))


_PHRASE_KEYS = ("any", "unless", "unless_turn", "after")


def _bad_phrases(packs: list[tuple[Source, Pack]], terms: dict[str, str]) -> Iterator[str]:
    for source, pack in packs:
        yield from _bad_wordings(source, pack, terms)
        for index, rule in enumerate(pack.rules):
            if not isinstance(rule, WordRule):
                continue
            for key in _PHRASE_KEYS:
                for place, pattern in enumerate(getattr(rule, key)):
                    try:
                        Phrases([pattern], terms).check()
                    except PhraseError as error:
                        yield f"{source.at(('rules', index, key, place))}: {key}: {error}"


_NAME_KEYS = (
    *("label", "taken_by", "unless", "after", "by", "once", "first", "anew_after"),
    *("answers", "since", "until", "ticked_by", "due_after", "only_if", "needs", "spoilt_by"),
)
"""Where labels and marks are named, in whatever kind of rule has the key."""


def _unknown_names(packs: list[tuple[Source, Pack]]) -> Iterator[str]:
    """Names that are neither a label nor a mark of any of the packs, nor a rule of theirs."""
    rules = [rule for _, pack in packs for rule in pack.rules]
    known = {*SPEAKER_OF, *(rule.mark for rule in rules if isinstance(rule, MarkRule))}
    ids = {rule.id for rule in rules} | {item.id for _, pack in packs for item in pack.checklist}
    for source, pack in packs:
        named = [*_named(pack.rules, "rules"), *_named(pack.checklist, "checklist")]
        for path, name in named:
            if name not in known:
                yield (
                    f"{source.at(path)}: {_key(path)}: {name} is neither a label nor a mark; "
                    "see `agentassist rules kinds`"
                )
        for place, name in enumerate(pack.replaces):
            if name not in ids:
                yield f"{source.at(('replaces', place))}: replaces: there is no rule {name}"


def _key(path: KeyPath) -> str:
    return next(step for step in reversed(path) if isinstance(step, str))


def _named(values: Iterable[msgspec.Struct], within: str) -> Iterator[tuple[KeyPath, str]]:
    for index, value in enumerate(values):
        yield from _names_of(value, (within, index))


def _names_of(value: msgspec.Struct, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    for key in _NAME_KEYS:
        names = getattr(value, key, ())
        # In rules of words these are phrases, or the one label that they give.
        if isinstance(names, tuple) and not (isinstance(value, WordRule) and key in _PHRASE_KEYS):
            yield from (((*path, key, place), name) for place, name in enumerate(names))
    for place, step in enumerate(getattr(value, "steps", ())):
        yield from _names_of(step, (*path, "steps", place))


def _bad_wordings(source: Source, pack: Pack, terms: dict[str, str]) -> Iterator[str]:
    for kind, codes in pack.wordings.items():
        for code, patterns in codes.items():
            for place, pattern in enumerate(patterns):
                try:
                    Phrases([pattern], terms).check()
                except PhraseError as error:
                    yield f"{source.at(('wordings', kind, code, place))}: {code}: {error}"


def _joined(packs: list[tuple[Source, Pack]], terms: dict[str, str]) -> Rulebook:
    written = [rule for _, pack in packs for rule in pack.rules]
    rules = [part for rule in written for part in _parts(rule)]
    digest = hashlib.sha256(b"".join(source.file.read_bytes() for source, _ in packs)).hexdigest()
    own = [pack for source, pack in packs if source.file not in OF_THE_NOTE] or [packs[0][1]]
    names = dict.fromkeys(f"{pack.pack} {pack.version}" for pack in own)
    budgets = [pack.budget for _, pack in packs if pack.budget]
    return Rulebook(
        version=f"{', '.join(names)} ({digest[:12]})",
        labels=tuple(rule for rule in rules if isinstance(rule, LabelRule)),
        marks=tuple(rule for rule in rules if isinstance(rule, MarkRule)),
        contexts=tuple(rule for rule in rules if isinstance(rule, ContextRule)),
        cues=tuple(
            rule
            for rule in rules
            if isinstance(rule, CueRule) and not isinstance(rule, SequenceRule)
        ),
        sequences=tuple(rule for rule in written if isinstance(rule, SequenceRule)),
        local=_local(packs),
        checklist=tuple(item for _, pack in packs for item in pack.checklist),
        budget=budgets[-1] if budgets else Budget(),
        terms={name: text for pack in own for name, text in pack.terms.items()},
        details={code: words for _, pack in packs for code, words in pack.details.items()},
        wordings=_wordings(packs, terms),
        codes=_merged(pack.codes for _, pack in packs),
        places={
            part.id: source.at(("rules", index))
            for source, pack in packs
            for index, rule in enumerate(pack.rules)
            for part in (rule, *_parts(rule))
        },
    )


def _parts(rule: AnyRule) -> Iterable[AnyRule]:
    return orders(rule) if isinstance(rule, SequenceRule) else (rule,)


def _local(packs: list[tuple[Source, Pack]]) -> dict[str, Local]:
    """The packs of countries, each of all its files."""
    local: dict[str, Local] = {}
    for name in dict.fromkeys(pack.pack for _, pack in packs if pack.countries):
        parts = [pack for _, pack in packs if pack.pack == name]
        own = {part.id for pack in parts for rule in pack.rules for part in (rule, *_parts(rule))}
        local[name] = Local(
            countries=tuple(country for pack in parts for country in pack.countries),
            own=frozenset(own | {item.id for pack in parts for item in pack.checklist}),
            replaces=frozenset(name for pack in parts for name in pack.replaces),
        )
    return local


def _wordings(
    packs: list[tuple[Source, Pack]], terms: dict[str, str]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """The note's phrases with their terms in place, since the note knows no packs."""
    told = _merged(pack.wordings for _, pack in packs)
    return {
        kind: {code: Phrases(patterns, terms).patterns for code, patterns in codes.items()}
        for kind, codes in told.items()
    }


def _merged(parts: Iterable[dict[str, dict[str, Told]]]) -> dict[str, dict[str, Told]]:
    """All kinds of all packs; a code that is told twice is as the last pack tells it."""
    merged: dict[str, dict[str, Told]] = {}
    for part in parts:
        for kind, codes in part.items():
            merged[kind] = merged.get(kind, {}) | codes
    return merged
