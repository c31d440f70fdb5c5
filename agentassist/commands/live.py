"""`live`: the coach beside the softphone. It waits, follows a call, has its note, waits again."""

import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from agentassist import config
from agentassist.audio.line import Line, Sound
from agentassist.brief import Brief
from agentassist.commands import desk
from agentassist.commands.accounts import account_named
from agentassist.commands.brief import lines as brief_lines
from agentassist.commands.calls import Calls, FrontEnd
from agentassist.commands.clerk import Clerk
from agentassist.commands.coach import Coach
from agentassist.commands.live_call import Plan
from agentassist.commands.options import (
    UNREDACTED,
    Theme,
    has_screen,
    pack_option,
    read_rules,
    rules_only_option,
    rules_option,
    theme_option,
    usual_pack,
)
from agentassist.control import ControlSocket
from agentassist.errors import MendableError
from agentassist.pause import pause_after
from agentassist.speech.base import Engine
from agentassist.store import durable
from agentassist.tui import wording
from agentassist.vocabulary import OBJECTIVES, Objective, Party

if TYPE_CHECKING:
    from textual.message import Message

    from agentassist.tui.desk_app import DeskApp
    from agentassist.tui.ready.screen import Setup


class Chosen(NamedTuple):
    """The devices of a call."""

    names: Mapping[Party, str]
    titles: Mapping[Party, str]
    by_user: bool


@click.command(epilog="Example: agentassist live --microphone Headset --record")
@click.option("--microphone", metavar="NAME", help="Your side: a device, or words of its name.")
@click.option("--caller", metavar="NAME", help="The far end: the monitor of what the phone plays.")
@click.option("--engine", help="Speech engine; `agentassist doctor` lists them.")
@click.option("--account", metavar="ID|FILE", help="Of the first call: its number, or a file.")
@click.option("--objective", type=click.Choice(OBJECTIVES), help="What the first call is for.")
@click.option("--start", is_flag=True, help="A call is on already: begin with it at once.")
@click.option("--record/--no-record", default=None, help="Record the calls; off by default.")
@click.option("--plain", is_flag=True, help="Lines of text in place of the screen.")
@click.option("--no-redaction", is_flag=True, help="Leave card numbers and the like in the words.")
@theme_option
@pack_option
@rules_option
@rules_only_option
def live(
    microphone: str | None,
    caller: str | None,
    engine: str | None,
    account: str | None,
    objective: Objective | None,
    start: bool,
    record: bool | None,
    plain: bool,
    no_redaction: bool,
    theme: Theme,
    pack: str,
    rules: tuple[Path, ...],
    rules_only: bool,
) -> None:
    """Listen to both sides of your calls, coach, and have each note drafted when a call ends.

    A call starts by a key, or by `agentassist call start`, which a softphone or CRM can run.
    """
    from agentassist.tui.ready.screen import Setup

    if no_redaction:
        click.echo(UNREDACTED, err=True)
    desk.tell_waiting()
    known = account_named(account) if account else None
    coach = Coach(read_rules(rules, pack), rules_only=rules_only)
    wanted = desk.tuning(coach.rulebook)
    recordings = _recordings(record)
    chosen = choose(microphone, caller)
    lines = plain or not has_screen()
    loaded = load(engine)
    plan = Plan(
        loaded,
        lambda: open_line(chosen),
        not no_redaction,
        recordings,
        not lines,
        wanted,
        pack or usual_pack(),
        config.load().speech.voices,
    )
    setup = Setup(
        chosen.titles, loaded.name, recordings is not None, not no_redaction, chosen.by_user
    )
    calls = Calls(plan, coach, known, objective)
    page = desk.briefed(known, coach.rulebook, plan.pack, desk.now()) if known else None
    try:
        with (
            calls,
            ControlSocket(calls.answer),
            _signals(calls),
            Clerk(coach, lambda: calls.is_on) as clerk,
        ):
            if start:
                calls.begin()
            if lines:
                _in_lines(calls, setup, page)
            else:
                _on_screen(calls, setup, coach, clerk, theme, plan.pack)
    finally:
        loaded.close()
        desk.tell_waiting()


def _in_lines(calls: Calls, setup: "Setup", page: Brief | None) -> None:
    from agentassist.commands.live_lines import in_lines

    for line in brief_lines(page) if page else ():
        click.echo(wording.clean(line))
    in_lines(calls, setup, sys.stdout)


def _on_screen(
    calls: Calls, setup: "Setup", coach: Coach, clerk: Clerk, theme: Theme, pack: str
) -> None:
    from agentassist.tui import faults
    from agentassist.tui.app import CoachApp
    from agentassist.tui.ready_app import ReadyApp

    screens = desk.screens(coach)._replace(has_next=True, filing=clerk.filing)
    setup = setup._replace(unsent=lambda: clerk.told)
    while not calls.is_leaving:
        if not calls.has_begun:
            page = screens.brief(calls.account, pack) if calls.account and screens.brief else None
            ready = ReadyApp(screens, calls.line(), setup, calls.begin, theme)
            if page:
                ready.brief(page, calls.choose, calls.objective)
            with calls.telling(_front(ready)):
                if faults.run(ready) != "call":
                    return
            theme = ready.theme_now
        with calls.call() as call:
            session, title = call.session, call.title
            app = CoachApp(session, title=title, desk=screens, kept=call.kept, theme=theme)
            with calls.telling(_front(app, lambda app=app: app.loses)):  # type: ignore[misc]
                if faults.run(app) != "next":
                    return
            theme = app.theme_now
            setup = setup._replace(pause=pause_after(session.call, screens.pauses))


def _front(app: "DeskApp[Any]", loses: Callable[[], bool] = lambda: False) -> FrontEnd:
    from agentassist.tui.messages import LeaveWanted, NextBegan

    def tell(message: "type[Message]") -> None:
        with suppress(RuntimeError):  # its loop may just have closed
            app.post_message(message())

    return FrontEnd(lambda: tell(NextBegan), lambda: tell(LeaveWanted), loses)


def choose(microphone: str | None, caller: str | None) -> Chosen:
    """The devices of that name, or of the settings, or the system's own. Raises MendableError."""
    from agentassist.audio import devices

    audio, found = config.load().audio, devices.inputs()
    own = devices.suggested(found)
    names: dict[Party, str] = {}
    if microphone:
        names["agent"] = devices.find(microphone, found).name
    elif audio.microphone or own.microphone:
        names["agent"] = audio.microphone or (own.microphone.name if own.microphone else "")
    else:
        raise MendableError("no microphone is plugged in; plug in your headset, and try again")
    if caller:
        names["caller"] = devices.find(caller, found).name
    elif audio.caller or own.caller:
        names["caller"] = audio.caller or (own.caller.name if own.caller else "")
    else:
        raise MendableError(f"the far end can't be heard on this machine. {devices.no_far_end()}")
    titles = {party: devices.title(name, found, party) for party, name in names.items()}
    by_user = bool((microphone or audio.microphone) and (caller or audio.caller))
    return Chosen(names, titles, by_user)


def load(engine: str | None) -> Engine:
    """The engine of that name, or of the settings. Raises MendableError."""
    from agentassist.speech.engines import load_engine
    from agentassist.speech.models import path_of

    speech = config.load().speech
    name = engine or speech.engine
    model = path_of(speech.model) if speech.model and name != "moonshine" else None
    return load_engine(name, model)


def open_line(chosen: Chosen) -> Line:
    """The devices as a line, not entered yet."""
    from agentassist.audio.live import LiveAudio

    return line_of(LiveAudio(chosen.names["agent"], chosen.names["caller"]))


def line_of(sound: Sound) -> Line:
    """With an ear for a voice at the far end, where the settings want one."""
    if not config.load().call.offer_by_voice:
        return Line(sound)
    from agentassist.audio.far_voice import FarVoice
    from agentassist.speech.voice import SileroVoice

    return Line(sound, FarVoice(SileroVoice()))


def _recordings(record: bool | None) -> Path | None:
    """The folder to record to, if at all. Raises MendableError where it can't be made."""
    wanted = config.load().recording
    if not (wanted.on if record is None else record):
        return None
    folder = wanted.folder or desk.data_folder() / "recordings"
    try:
        durable.make_folder(folder)
    except OSError as error:
        raise MendableError(f"{folder}: can't record there: {error.strerror}") from None
    return folder


@contextmanager
def _signals(calls: Calls) -> Iterator[None]:
    """Ctrl+C, a terminal that hangs up and a shutdown end the call decently, then the program."""

    def leave(number: int, _frame: FrameType | None) -> None:
        if calls.is_leaving and number == signal.SIGINT:
            raise KeyboardInterrupt
        calls.leave()

    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.signal(number, leave) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
