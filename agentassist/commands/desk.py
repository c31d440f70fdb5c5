"""This desk: where its data lies, who sits there, what time it is, and which notes wait."""

import datetime
import getpass
import platform
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

import click
import platformdirs
from msgspec.structs import replace

from agentassist import config, demo
from agentassist.account import Account, EarlierNote
from agentassist.brief import Brief, brief
from agentassist.commands.coach import Coach
from agentassist.dialling import may_ring
from agentassist.errors import MendableError
from agentassist.events import CallStarted
from agentassist.handover import colleagues
from agentassist.in_force import pack_of
from agentassist.rulebook import Rulebook
from agentassist.source import CallName
from agentassist.store import earlier
from agentassist.store.keeping import Keeping
from agentassist.store.records import moment
from agentassist.store.unfinished import About, begin, waiting
from agentassist.tui.desk import Desk
from agentassist.tuning import check
from agentassist.values import Tuning


def data_folder() -> Path:
    """The user's own data folder: `notes`, `records` and `unfinished` lie in it."""
    return platformdirs.user_data_path("agentassist", appauthor=False)


def now() -> datetime.datetime:
    """The time with this place's offset from UTC."""
    return datetime.datetime.now().astimezone()


def user() -> str:
    """Who is logged in: the default for who approves. Raises MendableError."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        raise MendableError("nobody is logged in; say who you are with --by NAME") from None


def screens(coach: Coach) -> Desk:
    """What the screens need to know of here. Raises SettingsError."""
    host = platform.node() or "localhost"
    settings = config.load()
    return Desk(
        data_folder(),
        now,
        user,
        coach,
        coach.rulebook.codes,
        host,
        settings.note.limit,
        colleagues=colleagues(settings.handover),
        limits=settings.plans.limits,
        pack_of=partial(pack_of, coach.rulebook),
        brief=partial(_brief, coach.rulebook),
        pauses=coach.rulebook.pauses if settings.coach.pause else (),
    )


def _brief(rulebook: Rulebook, account: Account, pack: str) -> Brief:
    return briefed(account, rulebook, pack, now())


def briefed(account: Account, rulebook: Rulebook, pack: str, at: datetime.datetime) -> Brief:
    """The brief, with what the rules in force say against ringing at that time.

    Earlier notes are the account's own and those that were approved at this desk.
    """
    account = _with_own_notes(account)
    chosen = pack_of(rulebook, CallStarted(0.0, "", "", account=account, pack=pack))
    return brief(account, chosen, at, may_ring(rulebook, account, chosen, at))


def _with_own_notes(account: Account) -> Account:
    own: tuple[EarlierNote, ...] = ()
    if account.id:
        with suppress(OSError):  # records that can't be read are told of where they are needed
            own = earlier.notes(data_folder() / "records", account.id)
    return replace(account, notes=(*(account.notes or ()), *own)) if own else account


def tuning(rulebook: Rulebook) -> Tuning:
    """How this person wants the coach. Raises SettingsError, MendableError."""
    wanted = config.load().coach
    found = Tuning(wanted.tier, wanted.snoozed)
    try:
        unknown = check(found, rulebook)
    except MendableError as error:
        raise MendableError(f"{config.settings_file()}: {error}") from None
    if unknown:
        names = ", ".join(unknown)
        click.echo(f"agentassist: [coach] snoozed: no such rule in these packs: {names}", err=True)
    return found


def tell_waiting() -> None:
    """A line on standard error where notes wait to be finished."""
    if count := len(waiting(data_folder())):
        notes = "1 note waits" if count == 1 else f"{count} notes wait"
        click.echo(f"agentassist: {notes} to be finished: agentassist note list", err=True)


@contextmanager
def keeping(name: CallName, coach: Coach, *, keep: bool) -> Iterator[Keeping | None]:
    """Keeps the call until its note is approved; a crash in the block leaves it to be finished.

    None where it is not to be kept, or can't be: the call goes on then, and the user is told.
    A recording that is left before its end, on purpose, is not kept: it can be played again.
    """
    if not keep:
        yield None
        return
    with ExitStack() as held:
        try:
            is_demo = name.path == demo.RECORDING
            about = About(_title(name), moment(now()), _source(name), is_demo=is_demo)
            kept = held.enter_context(kept_call(about, coach))
        except MendableError as error:
            click.echo(f"agentassist: the note won't survive a crash: {error}", err=True)
            yield None
            return
        yield kept
        _settle(kept)


@contextmanager
def kept_call(about: About, coach: Coach) -> Iterator[Keeping]:
    """Keeps a call, unless none begins in the block. Raises MendableError where it can't be."""
    with begin(data_folder(), about) as note:
        kept = Keeping(note, coach.versions)
        try:
            with kept:
                yield kept
        finally:
            if kept.call.started is None:
                note.discard()


def _settle(kept: Keeping) -> None:
    """After a call that was left without a fault: what of it still waits, and for what."""
    note = kept.note
    if kept.trouble:
        click.echo(f"agentassist: {kept.trouble}", err=True)
    if not note.waits:
        return
    source = note.about.source
    if source and not kept.call.ended:
        note.discard()
        return
    for older in waiting(data_folder()):
        if source and older.about.source == source and older.state != "edited":
            older.discard()
    click.echo("agentassist: the note waits: agentassist note finish", err=True)


def _title(name: CallName) -> str:
    paths = (name.path,) if name.path else (name.agent, name.caller)
    return " and ".join(path.stem for path in paths if path)


def _source(name: CallName) -> str:
    """The same for the same recording: its files, their sizes and times."""
    stats = [(p, p.stat()) for p in (name.path, name.agent, name.caller) if p and p.exists()]
    return " ".join(f"{path.resolve()}:{stat.st_size}:{stat.st_mtime_ns}" for path, stat in stats)
