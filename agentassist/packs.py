"""YAML packs -> a checked rulebook. Every fault names file, line, column, key and the mend."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from agentassist import pack_checks, time_zones
from agentassist.helplines import Helplines
from agentassist.pack_checks import Read
from agentassist.pack_text import KeyPath, RulebookError, Source, read, told
from agentassist.phrases import Phrases
from agentassist.rulebook import AnyRule, Budget, Local, Pack, Rulebook, version
from agentassist.rules_of_cues import CueRule, SequenceRule, orders
from agentassist.rules_of_dialling import AnyDiallingRule
from agentassist.rules_of_words import ContextRule, LabelRule, MarkRule

SHIPPED = Path(__file__).parent / "rules"
HELPLINES = SHIPPED / "helplines.yaml"
OF_THE_NOTE = (*sorted((SHIPPED / "general").glob("note-*.yaml")), SHIPPED / "general/codes.yaml")
"""What the note tells things apart by, also where somebody's own rules know nothing of it."""

Told = TypeVar("Told")

_KINDS: dict[str, Any] = {"rules": AnyRule, "dialling": AnyDiallingRule}
"""Where in a pack its rules stand."""


def load(*paths: Path) -> Rulebook:
    """Packs from files or folders of `.yaml` files; all shipped packs where none is named.

    Raises RulebookError with every fault that was found.
    """
    return written(*paths)[0]


def written(*paths: Path) -> tuple[Rulebook, tuple[Read, ...]]:
    """As `load`, and the packs as they were written, each with its text."""
    return of_texts(texts(*paths))


def texts(*paths: Path) -> list[Source]:
    """The text of packs, not checked yet. Raises RulebookError where it can't be read."""
    return [read(file) for path in paths or shipped() for file in _files(path)]


def of_texts(sources: Sequence[Source]) -> tuple[Rulebook, tuple[Read, ...]]:
    """As `written`, of texts that were read before."""
    sources = [*sources]
    if not any(isinstance(s.data, dict) and s.data.get("wordings") for s in sources):
        sources += [read(file) for file in OF_THE_NOTE]
    found = [(source, *_checked(source)) for source in sources]
    if faults := [fault for _, _, wrong in found for fault in wrong]:
        raise RulebookError(faults)
    packs = tuple((source, pack) for source, pack, _ in found if pack is not None)
    terms = {name: text for _, pack in packs for name, text in pack.terms.items()}
    if faults := list(pack_checks.faults(packs, terms)):
        raise RulebookError(faults)
    return _joined(packs, terms, _helplines()), packs


def _helplines() -> tuple[Source, Helplines]:
    source = read(HELPLINES)
    try:
        return source, msgspec.convert(source.data, Helplines)
    except msgspec.ValidationError as error:
        raise RulebookError([told(source, (), error)]) from None


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


def _checked(source: Source) -> tuple[Pack | None, list[str]]:
    """The pack, or its faults: rule by rule, so that all are told at once."""
    faults: list[str] = []
    for key in _KINDS:
        rules = source.data.get(key) or []
        if not isinstance(rules, list):
            return None, [f"{source.at((key,))}: {key}: expected a list of rules"]
        faults += [
            fault for i, rule in enumerate(rules) for fault in _fault(source, rule, (key, i))
        ]
    rest = {key: value for key, value in source.data.items() if key not in _KINDS}
    try:
        msgspec.convert(rest, Pack)
    except msgspec.ValidationError as error:
        return None, [told(source, (), error), *faults]
    if faults:
        return None, faults
    lists = {key: source.data.get(key) or [] for key in _KINDS}
    return msgspec.convert(rest | lists, Pack), []


def _fault(source: Source, rule: Any, path: KeyPath) -> list[str]:
    try:
        msgspec.convert(rule, _KINDS[str(path[0])])
    except msgspec.ValidationError as error:
        return [told(source, path, error)]
    return []


def _joined(
    packs: Sequence[Read],
    terms: dict[str, str],
    helplines: tuple[Source, Helplines],
) -> Rulebook:
    whole = [rule for _, pack in packs for rule in pack.rules]
    rules = [part for rule in whole for part in _parts(rule)]
    read_of = (file.read_bytes() for source, _ in (*packs, helplines) for file in source.files)
    digest = hashlib.sha256(b"".join(read_of)).hexdigest()[:12]
    own = [pack for source, pack in packs if source.file not in OF_THE_NOTE] or [packs[0][1]]
    versions = {pack.pack: pack.version for pack in own}
    budgets = [pack.budget for _, pack in packs if pack.budget]
    return Rulebook(
        version=version(versions, digest),
        versions=versions,
        digest=digest,
        helplines=helplines[1].helplines,
        labels=tuple(rule for rule in rules if isinstance(rule, LabelRule)),
        marks=tuple(rule for rule in rules if isinstance(rule, MarkRule)),
        contexts=tuple(rule for rule in rules if isinstance(rule, ContextRule)),
        cues=tuple(
            rule
            for rule in rules
            if isinstance(rule, CueRule) and not isinstance(rule, SequenceRule)
        ),
        sequences=tuple(rule for rule in whole if isinstance(rule, SequenceRule)),
        protocols=tuple(protocol for _, pack in packs for protocol in pack.protocols),
        local=_local(packs),
        checklist=tuple(item for _, pack in packs for item in pack.checklist),
        dialling=tuple(rule for _, pack in packs for rule in pack.dialling),
        zones=time_zones.of_countries()
        | {region: zones for _, pack in packs for region, zones in pack.zones.items()},
        budget=budgets[-1] if budgets else Budget(),
        tiers={tier: budget for _, pack in packs for tier, budget in pack.tiers.items()},
        pauses=tuple(rule for _, pack in packs for rule in pack.pauses),
        terms={name: text for pack in own for name, text in pack.terms.items()},
        details={code: words for _, pack in packs for code, words in pack.details.items()},
        wordings=_wordings(packs, terms),
        codes=_merged(pack.codes for _, pack in packs),
        places={
            part.id: source.at(("rules", index))
            for source, pack in packs
            for index, rule in enumerate(pack.rules)
            for part in (rule, *_parts(rule))
        }
        | {
            rule.id: source.at(("dialling", index))
            for source, pack in packs
            for index, rule in enumerate(pack.dialling)
        },
    )


def _parts(rule: AnyRule) -> Iterable[AnyRule]:
    return orders(rule) if isinstance(rule, SequenceRule) else (rule,)


def _local(packs: Sequence[Read]) -> dict[str, Local]:
    """The packs of countries, each of all its files."""
    local: dict[str, Local] = {}
    parts_of = {
        rule.id: tuple(part.id for part in _parts(rule)) for _, pack in packs for rule in pack.rules
    }
    for name in dict.fromkeys(pack.pack for _, pack in packs if pack.countries):
        parts = [pack for _, pack in packs if pack.pack == name]
        own = {part.id for pack in parts for rule in pack.rules for part in (rule, *_parts(rule))}
        local[name] = Local(
            countries=tuple(country for pack in parts for country in pack.countries),
            own=frozenset(
                own | {item.id for pack in parts for item in (*pack.checklist, *pack.dialling)}
            ),
            replaces=frozenset(
                part
                for pack in parts
                for name in pack.replaces
                for part in parts_of.get(name, (name,))
            ),
        )
    return local


def _wordings(
    packs: Sequence[Read], terms: dict[str, str]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """The note's phrases with their terms in place, since the note knows no packs."""
    merged = _merged(pack.wordings for _, pack in packs)
    return {
        kind: {code: Phrases(patterns, terms).patterns for code, patterns in codes.items()}
        for kind, codes in merged.items()
    }


def _merged(parts: Iterable[dict[str, dict[str, Told]]]) -> dict[str, dict[str, Told]]:
    """All kinds of all packs; a code that is told twice is as the last pack tells it."""
    merged: dict[str, dict[str, Told]] = {}
    for part in parts:
        for kind, codes in part.items():
            merged[kind] = merged.get(kind, {}) | codes
    return merged
