"""What is wrong with packs beside each other: names that nobody knows, or that stand twice."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import msgspec

from agentassist import time_zones
from agentassist.pack_text import KeyPath, Source
from agentassist.phrases import PhraseError, Phrases
from agentassist.rulebook import Pack
from agentassist.rules_of_cues import CueRule
from agentassist.rules_of_words import LabelRule, MarkRule, WordRule
from agentassist.vocabulary import DETAILED, SPEAKER_OF

Read: TypeAlias = tuple[Source, Pack]
"""A pack with its text."""

_PHRASE_KEYS = ("any", "unless", "unless_turn", "after")
_NAME_KEYS = (
    *("label", "taken_by", "unless", "after", "by", "once", "first", "anew_after"),
    *("answers", "since", "until", "ticked_by", "due_after", "only_if", "needs", "spoilt_by"),
    *("heard", "done_by"),
)
"""Where labels and marks are named, in whatever kind of rule has the key."""


def faults(packs: Sequence[Read], terms: dict[str, str]) -> Iterator[str]:
    """Each at its `file:line:column`, with its key."""
    yield from _told_twice(packs)
    yield from _bad_phrases(packs, terms)
    yield from _unknown_names(packs)
    yield from _unknown_zones(packs)


def _told_twice(packs: Sequence[Read]) -> Iterator[str]:
    """What two files tell differently: one would silently win over the other."""
    named = [
        *(
            (rule.id, s.at(("rules", i, "id")), "id")
            for s, p in packs
            for i, rule in enumerate(p.rules)
        ),
        *(
            (rule.id, s.at(("dialling", i, "id")), "id")
            for s, p in packs
            for i, rule in enumerate(p.dialling)
        ),
        *(
            (protocol.id, s.at(("protocols", i, "id")), "protocols")
            for s, p in packs
            for i, protocol in enumerate(p.protocols)
        ),
        *((name, s.at(("terms", name)), "terms") for s, p in packs for name in p.terms),
        *((name, s.at(("details", name)), "details") for s, p in packs for name in p.details),
        *((name, s.at(("zones", name)), "zones") for s, p in packs for name in p.zones),
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


def _bad_phrases(packs: Sequence[Read], terms: dict[str, str]) -> Iterator[str]:
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


def _bad_wordings(source: Source, pack: Pack, terms: dict[str, str]) -> Iterator[str]:
    for kind, codes in pack.wordings.items():
        for code, patterns in codes.items():
            for place, pattern in enumerate(patterns):
                try:
                    Phrases([pattern], terms).check()
                except PhraseError as error:
                    yield f"{source.at(('wordings', kind, code, place))}: {code}: {error}"


def _unknown_names(packs: Sequence[Read]) -> Iterator[str]:
    """Names that are neither a label nor a mark of any of the packs, nor a rule of theirs."""
    rules = [rule for _, pack in packs for rule in pack.rules]
    known = {*SPEAKER_OF, *DETAILED}
    known |= {rule.mark for rule in rules if isinstance(rule, MarkRule)}
    known |= {f"{rule.label}:{rule.detail}" for rule in rules if isinstance(rule, LabelRule)}
    others = (item.id for _, pack in packs for item in (*pack.checklist, *pack.dialling))
    ids = {*(rule.id for rule in rules), *others}
    protocols = {protocol.id for _, pack in packs for protocol in pack.protocols}
    for source, pack in packs:
        named = [
            *_named(pack.rules, "rules"),
            *_named(pack.checklist, "checklist"),
            *_named(pack.pauses, "pauses"),
            *_named(pack.protocols, "protocols"),
        ]
        for path, name in named:
            if name not in known:
                yield (
                    f"{source.at(path)}: {_key(path)}: {name} is neither a label nor a mark; "
                    "see `agentassist rules kinds`"
                )
        for place, name in enumerate(pack.replaces):
            if name not in ids:
                yield f"{source.at(('replaces', place))}: replaces: there is no rule {name}"
        yield from _unknown_protocols(source, pack, protocols)


def _unknown_protocols(source: Source, pack: Pack, known: set[str]) -> Iterator[str]:
    there = ", ".join(sorted(known)) or "none"
    for place, rule in enumerate(pack.rules):
        if isinstance(rule, CueRule) and rule.protocol and rule.protocol not in known:
            path = ("rules", place, "protocol")
            yield f"{source.at(path)}: protocol: no protocol {rule.protocol}; there are: {there}"


def _unknown_zones(packs: Sequence[Read]) -> Iterator[str]:
    known = {zone for zones in time_zones.of_countries().values() for zone in zones}
    for source, pack in packs:
        for region, zones in pack.zones.items():
            for place, zone in enumerate(zones):
                if zone not in known:
                    at = source.at(("zones", region, place))
                    yield f"{at}: {region}: there is no time zone {zone}; name one as America/Boise"


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
