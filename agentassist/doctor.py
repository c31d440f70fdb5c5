"""What this machine has of what the coach needs, and how to mend what is wrong."""

import datetime
import getpass
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from agentassist import archive, config, demo, examples, packs
from agentassist.cleaning import clean
from agentassist.errors import MendableError
from agentassist.helplines import stale


class Finding(msgspec.Struct, frozen=True):
    """One thing looked at. Without what is `needed` the coach does not work."""

    what: str
    found: str
    ok: bool = True
    mend: str = ""
    needed: bool = True


def findings(data_folder: Path) -> Iterator[Finding]:
    """Everything, in the order in which to mend it."""
    looks: tuple[Callable[[], Finding], ...] = (
        _python,
        _settings,
        _models,
        _recordings,
        _live_call,
        _bundled_call,
        _rulebook,
        lambda: helplines(datetime.datetime.now().astimezone().date()),
        _classifier,
        _redaction,
        lambda: _storage(data_folder / "notes"),
        lambda: _records(data_folder / "records"),
        lambda: _waiting(data_folder),
        _terminal,
        _colours,
    )
    yield from _speech()
    for look in looks:
        yield look()
    yield from _archive(data_folder)


def _python() -> Finding:
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    ok = sys.version_info >= (3, 11)
    return Finding("Python", found, ok, "" if ok else "Install Python 3.11 or newer.")


def _speech() -> Iterator[Finding]:
    from agentassist.speech.engines import available

    engines = available(_chosen_model())
    any_works = any(engine.ok for engine in engines)
    for engine in engines:
        yield Finding(
            f"Speech engine {engine.name}",
            f"{engine.version} {engine.model}".strip() if engine.ok else "not usable",
            engine.ok,
            engine.mend,
            needed=not any_works,
        )


def _chosen_model() -> Path | None:
    """Vosk's, where the settings name one that is there."""
    from agentassist.speech.models import path_of

    try:
        named = config.load().speech.model
        return path_of(named) if named else None
    except MendableError:
        return None


def _settings() -> Finding:
    from agentassist.speech.models import path_of

    file = config.settings_file()
    try:
        settings = config.load()
        if settings.speech.model:
            path_of(settings.speech.model)
    except MendableError as error:
        mend = "Mend the file at that place, or move it away: without it all is as by default."
        return Finding("Settings", str(error), ok=False, mend=mend)
    return Finding("Settings", str(file) if file.exists() else f"as by default, none at {file}")


def _models() -> Finding:
    """By sizes; the hashes of a large model take long."""
    from agentassist.speech import models

    damaged = [
        fault for model in models.installed() for fault in models.faults(model, hashes=False)
    ]
    if damaged:
        mend = "Run agentassist models verify, and fetch the model again."
        return Finding("Speech models", damaged[0], ok=False, mend=mend, needed=False)
    names = ", ".join(model.name for model in models.installed())
    none = "none for vosk; agentassist models lists those that can be fetched"
    return Finding("Speech models", names or none)


def _recordings() -> Finding:
    try:
        import soundfile

        formats = soundfile.available_formats()
    except OSError:
        mend = "Install libsndfile (Debian: apt install libsndfile1) and try again."
        return Finding("Recordings", "libsndfile can't be loaded", ok=False, mend=mend)
    wanted = {"WAV", "FLAC", "OGG", "MP3"}
    missing = wanted - formats.keys()
    found = f"libsndfile {soundfile.__libsndfile_version__}: " + ", ".join(sorted(wanted - missing))
    mend = "Update soundfile: pip install --upgrade soundfile." if missing else ""
    return Finding("Recordings", found, not missing, mend)


def _live_call() -> Finding:
    """Whether one could start now: both devices chosen, or found, and there."""
    from agentassist.audio import devices

    try:
        audio, found = config.load().audio, devices.inputs()
    except MendableError as error:
        mend = f"{error}. Until then only recorded calls can be followed."
        return Finding("Live call", "no sound can be had", ok=False, mend=mend, needed=False)
    own, names = devices.suggested(found), {each.name for each in found}
    microphone = audio.microphone or (own.microphone and own.microphone.name)
    caller = audio.caller or (own.caller and own.caller.name)
    told = f"microphone {clean(microphone or 'none')}, caller {clean(caller or 'none')}"
    gone = [name for name in (microphone, caller) if name and name not in names]
    if gone:
        mend = f"Plug in {clean(gone[0])}, or choose another: agentassist devices."
    elif not microphone:
        mend = "Plug in a microphone, then choose it: agentassist devices."
    elif not caller:
        mend = devices.no_far_end()
    else:
        chosen = audio.microphone and audio.caller
        told += "" if chosen else " (not chosen yet: agentassist devices)"
        return Finding("Live call", told)
    return Finding("Live call", told, ok=False, mend=mend, needed=False)


def _bundled_call() -> Finding:
    ok = demo.RECORDING.is_file() and demo.DIALOGUE.is_file()
    mend = "" if ok else "Install agentassist again: its bundled call is missing."
    return Finding("Bundled call", demo.RECORDING.name if ok else "missing", ok, mend)


def _rulebook() -> Finding:
    try:
        folder = config.load().rules.folder
        rulebook = packs.load(*((folder,) if folder else ()))
    except MendableError as error:
        mend = "Mend the pack at that line, or install agentassist again."
        return Finding("Rules", str(error).splitlines()[0], ok=False, mend=mend)
    return Finding("Rules", f"{rulebook.version}, {examples.count(rulebook)} examples")


def helplines(today: datetime.date) -> Finding:
    """Whether all that callers may be sent to were checked within the year."""
    try:
        lines = packs.load().helplines
    except MendableError as error:
        mend = "Mend the file at that line, or install agentassist again."
        return Finding("Helplines", str(error).splitlines()[0], ok=False, mend=mend)
    if old := stale(lines, today):
        found = f"{len(old)} of {len(lines)} checked over a year ago, the first on {old[0].checked}"
        mend = (
            "Compare the numbers with their sources, then set `checked` to that day in"
            f" {packs.HELPLINES}."
        )
        return Finding("Helplines", found, ok=False, mend=mend, needed=False)
    oldest = min((line.checked for line in lines), default=None)
    return Finding("Helplines", f"{len(lines)}, all checked since {oldest}")


def _classifier() -> Finding:
    from agentassist.understanding.model import TurnModel, folder

    path = folder()
    try:
        model = TurnModel(path)
    except MendableError as error:
        mend = f"{error}. Until then turns are labelled by wording alone."
        return Finding("Turn classifier", "can't be used", ok=False, mend=mend, needed=False)
    return Finding("Turn classifier", f"{model.manifest.version} {path}")


def _redaction() -> Finding:
    from agentassist.redaction import redact
    from agentassist.redaction.wording import wording

    ok = "4111" not in redact("It's 4111 1111 1111 1111.")
    mend = "" if ok else "Install agentassist again: its words for redaction are damaged."
    return Finding("Redaction", f"on, {len(wording().kinds) + 1} kinds masked", ok, mend)


def _storage(folder: Path) -> Finding:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(there, os.W_OK):
        mend = f"Make {there} writable, or set XDG_DATA_HOME to a folder that is."
        return Finding("Notes", f"{folder} can't be written", ok=False, mend=mend)
    free = shutil.disk_usage(there).free // 2**20
    mend = "" if free > 100 else "Free some disk space: under 100 MB are left."
    return Finding("Notes", f"{folder}, {free:,} MB free", free > 100, mend)


def _records(folder: Path) -> Finding:
    from agentassist.store.chain import Chain

    chain = Chain(folder)
    try:
        damage, head = chain.damage(), chain.head()
    except OSError as error:
        mend = f"Make {folder} readable for yourself."
        return Finding("Records", f"can't be read: {error.strerror}", ok=False, mend=mend)
    if damage:
        mend = "Run agentassist note verify; restore the folder from a backup."
        return Finding("Records", f"{folder}: {damage}", ok=False, mend=mend)
    found = f"{head.number}, the last {head.hash}" if head else "none yet"
    return Finding("Records", f"{folder}, {found}")


def _waiting(data_folder: Path) -> Finding:
    from agentassist.store.unfinished import waiting

    notes = waiting(data_folder)
    if not notes:
        return Finding("Notes that wait", "none", needed=False)
    found = f"{len(notes)}, the oldest of {notes[0].about.began.local:%Y-%m-%d %H:%M}"
    mend = "Run agentassist note list, and agentassist note finish."
    return Finding("Notes that wait", found, ok=False, mend=mend, needed=False)


def _archive(data_folder: Path) -> Iterator[Finding]:
    """Where approved calls are filed, and what of them waits."""
    from agentassist.store import to_file

    try:
        settings = config.load().archive
    except MendableError:
        return  # told of already
    if not settings.on:
        yield Finding("Archive", "off: approved calls are not filed for review")
    if unfiled := len(to_file.waiting(data_folder)):
        mend = "Run agentassist archive status, which files them, or says why it can't."
        yield Finding("Calls to file", f"{unfiled} approved", ok=False, mend=mend, needed=False)
    file = data_folder / archive.FILE
    if not (file.exists() or settings.url):
        yield Finding("Archive", f"none yet, at {file}")
        return
    from agentassist.archive import checkup

    for found in checkup.looks(file, settings.url, settings.user or getpass.getuser()):
        yield Finding(found.what, found.told, not found.mend, found.mend, needed=False)


def _terminal() -> Finding:
    if not sys.stdout.isatty():
        return Finding("Terminal", "none here: the coach writes lines of text", needed=False)
    columns, rows = shutil.get_terminal_size()
    ok = columns >= 80 and rows >= 24
    mend = "" if ok else "Make the window 80 columns by 24 rows or larger."
    return Finding("Terminal", f"{columns} columns, {rows} rows", ok, mend, needed=False)


def _colours() -> Finding:
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    ok = encoding == "utf8"
    mend = "" if ok else "Use a UTF-8 locale, as LANG=C.UTF-8; or run with --plain."
    colours = "off (NO_COLOR)" if os.environ.get("NO_COLOR") else os.environ.get("COLORTERM", "256")
    return Finding(
        "Characters", f"{encoding or 'unknown'}, colours {colours}", ok, mend, needed=False
    )
