"""The folder that judged moments are exported into: written anew each time, as a whole.

What was taken back, erased or is past its retention is gone from it with the next export. Files
that somebody else put there are left alone.
"""

import datetime
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import yaml

from agentassist import __version__
from agentassist.errors import MendableError
from agentassist.learning.lessons import Example
from agentassist.rules_of_words import Line
from agentassist.store import durable

MANIFEST = "export.json"
EXAMPLES = "examples"
TURNS = "turns/archive.jsonl"
"""The author of these lines is the archive: see `scripts/turn_corpus.py`."""

_HEAD = """\
# What people said of moments of real calls, shared with the consent of their agents.
# Written by `agentassist archive training`, and written anew by it: don't edit it.
# Run it: agentassist rules test --also {name}
"""


class Manifest(msgspec.Struct, frozen=True):
    """What an export wrote, so that the next one can take it away."""

    exported_at: datetime.datetime
    by: str
    files: tuple[str, ...]
    program: str = __version__


def check(folder: Path) -> None:
    """Raises MendableError where something else than an earlier export is in the folder."""
    _before(folder)


def write(
    folder: Path,
    examples: Iterable[Example],
    rows: Sequence[Mapping[str, Any]],
    by: str,
    at: datetime.datetime,
) -> None:
    """Writes the export in the place of the one before. Raises MendableError."""
    old = _before(folder)
    files = dict(_of_rules(examples))
    if rows:
        files[TURNS] = b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
    manifest = Manifest(at, by, tuple(files))
    # The list of what may be there comes first: a crash leaves nothing that it does not name.
    listed = msgspec.structs.replace(manifest, files=tuple(dict.fromkeys((*files, *old))))
    try:
        for part in (folder, folder / EXAMPLES, (folder / TURNS).parent):
            durable.make_folder(part)
        durable.replace(folder / MANIFEST, msgspec.json.encode(listed))
        for name, data in files.items():
            durable.replace(folder / name, data)
        for name in set(old) - set(files):
            (folder / name).unlink(missing_ok=True)
        durable.replace(folder / MANIFEST, msgspec.json.encode(manifest))
    except OSError as error:
        raise MendableError(f"{folder}: can't be written: {error.strerror}") from None


def _before(folder: Path) -> tuple[str, ...]:
    """The files of the last export: none but those that an export may write."""
    try:
        found = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        if folder.is_dir() and any(folder.iterdir()):
            told = "holds other files and no export; name a new folder"
            raise MendableError(f"{folder}: {told}") from None
        return ()
    except OSError as error:
        raise MendableError(f"{folder}: can't be read: {error.strerror}") from None
    except msgspec.DecodeError:
        raise MendableError(f"{folder / MANIFEST}: is damaged; name a new folder") from None
    return tuple(name for name in found.files if _is_ours(Path(name)))


def _is_ours(name: Path) -> bool:
    return name == Path(TURNS) or (name.parent == Path(EXAMPLES) and name.suffix == ".yaml")


def _of_rules(examples: Iterable[Example]) -> Iterator[tuple[str, bytes]]:
    by_rule: dict[str, list[Example]] = {}
    for example in examples:
        by_rule.setdefault(example.rule, []).append(example)
    for rule, told in sorted(by_rule.items()):
        name = f"{EXAMPLES}/{rule}.yaml"
        yield name, _text(rule, told, f"{rule}.yaml").encode()


def _text(rule: str, examples: Sequence[Example], name: str) -> str:
    parts = [_HEAD.format(name=name), f"rule: {rule}\nexamples:\n"]
    for key, must_fire in (("fire", True), ("hold", False)):
        of_key = [example for example in examples if example.must_fire == must_fire]
        if of_key:
            parts.append(f"  {key}:\n")
            parts += [textwrap.indent(_one(example), "    ") for example in _different(of_key)]
    return "".join(parts)


def _different(examples: Iterable[Example]) -> Iterable[Example]:
    """Each dialogue once."""
    return {example.lines: example for example in examples}.values()


def _one(example: Example) -> str:
    lines = [_plain(line) for line in example.lines]
    told: Any = example.lines[0].text if example.alone else lines
    return f"# {example.moment}\n" + yaml.safe_dump(
        [told], sort_keys=False, allow_unicode=True, width=100
    )


def _plain(line: Line) -> Any:
    return msgspec.to_builtins(line, str_keys=True)
