"""The calls of one `agentassist live`, one after the other, and what may be asked of it meanwhile.

A front end, the screen or lines, waits for the next call and shows it; the control socket begins
and ends calls from another thread. Whoever begins a call, it is on from that moment: its sound
waits until the front end has come to it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Literal, NamedTuple, Self, TypeAlias

from msgspec.structs import replace

from agentassist.account import Account
from agentassist.audio.line import Line
from agentassist.commands import desk
from agentassist.commands.coach import Coach
from agentassist.commands.live_call import Begun, LiveCall, Plan, put_together
from agentassist.control import Reply, Request, Start, Status, Stop
from agentassist.errors import MendableError
from agentassist.session import CallSession
from agentassist.vocabulary import Objective

State: TypeAlias = Literal["ready", "call", "note"]


class FrontEnd(NamedTuple):
    """How the front end is told what comes from elsewhere, from any thread."""

    began: Callable[[], None]
    """A call has begun."""
    leave: Callable[[], None]
    """The program is to end."""
    loses: Callable[[], bool] = lambda: False
    """Whether something would be lost if the next call came now."""


class _Shown(NamedTuple):
    """The call that the front end has come to; without a session while it is put together."""

    call: Begun
    session: CallSession | None = None

    @property
    def is_over(self) -> bool:
        return bool(self.session and (self.session.call.ended or self.session.error))


class Calls:
    """A context manager: the devices are closed when it is left."""

    def __init__(
        self,
        plan: Plan,
        coach: Coach,
        account: Account | None = None,
        objective: Objective | None = None,
    ) -> None:
        """`account` is that of the first call, unless whoever begins it names another."""
        self._plan = plan
        self._account = account
        self._objective = objective
        self._coach = coach
        self._lock = threading.RLock()
        self._line: Line | None = None
        """Open, while no call is on."""
        self._next: Begun | None = None
        """Begun, and the front end has not come to it yet."""
        self._shown: _Shown | None = None
        self._front: FrontEnd | None = None
        self._leaving = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            if line := self._next.line if self._next else self._line:
                line.__exit__(kind, error, trace)

    @property
    def has_begun(self) -> bool:
        """Whether a call is on that the front end has not come to."""
        return self._next is not None

    @property
    def is_on(self) -> bool:
        """Whether a call is on, come to or not."""
        return self._state == "call"

    @property
    def is_leaving(self) -> bool:
        return self._leaving.is_set()

    def line(self) -> Line:
        """Both devices, open for the next call. Raises MendableError where they can't be."""
        with self._lock:
            if self._next:
                return self._next.line
            if self._line is None:
                self._line = self._plan.open_line().__enter__()
            return self._line

    @property
    def account(self) -> Account | None:
        """That of the next call, where it is known already."""
        return self._account

    @property
    def objective(self) -> Objective | None:
        """What the next call is for, where that was chosen already."""
        return self._objective

    def choose(self, objective: Objective) -> None:
        """What the next call is for, unless whoever begins it says otherwise."""
        self._objective = objective

    def begin(self, start: Start | None = None) -> None:
        """A call is on from now. Raises MendableError where there is no sound to be had."""
        with self._lock:
            if self._next is None:
                line = self.line()
                line.begin()
                start = start or Start()
                account, self._account = start.account or self._account, None
                objective, self._objective = start.objective or self._objective, None
                start = replace(start, account=account, objective=objective)
                self._next, self._line = Begun(start, desk.now(), line), None

    @contextmanager
    def call(self) -> Iterator[LiveCall]:
        """The call that has begun; over, and kept, when the block is left, whatever happens."""
        with ExitStack() as stack:
            with self._lock:
                assert self._next is not None
                begun, self._next = self._next, None
                self._shown = _Shown(begun)
            stack.callback(self._over)
            stack.callback(begun.line.hang_up)
            live = put_together(begun, self._plan, self._coach, stack)
            self._shown = _Shown(begun, live.session)
            yield live

    @contextmanager
    def telling(self, front: FrontEnd) -> Iterator[None]:
        """Tells that front end in the block, also what came just before it."""
        with self._lock:
            self._front = front
            if self.is_leaving:
                front.leave()
            elif self._next:
                front.began()
        try:
            yield
        finally:
            self._front = None

    def leave(self) -> None:
        """The program is to end: what is on is ended, and kept. From any thread, or a signal."""
        self._leaving.set()
        for call in (self._next, self._shown and self._shown.call):
            if call:
                call.line.hang_up()
        if self._front:
            self._front.leave()

    def answer(self, request: Request) -> Reply:
        """What is done and told about a request from elsewhere."""
        with self._lock:
            match request:
                case Start():
                    return self._start(request)
                case Stop():
                    return self._stop()
                case Status():
                    return Reply(self._told(), state=self._state)

    @property
    def _state(self) -> State:
        if self._next or (self._shown and not self._shown.is_over):
            return "call"
        return "note" if self._shown else "ready"

    def _start(self, request: Start) -> Reply:
        if self._state == "call":
            return self._refused(f"{self._told()}; end it first: agentassist call stop")
        if self.is_leaving:
            return self._refused("`agentassist live` is ending")
        if self._front and self._front.loses():
            return self._refused("the last note is not saved, and would be lost; save it first")
        try:
            self.begin(request)
        except MendableError as error:
            return self._refused(str(error))
        if self._front:
            self._front.began()
        return Reply("the call is on", state=self._state)

    def _stop(self) -> Reply:
        if self._state != "call":
            return self._refused("no call is on")
        call = self._next or (self._shown and self._shown.call)
        assert call
        call.line.hang_up()
        return Reply("the call ends", state=self._state)

    def _refused(self, why: str) -> Reply:
        return Reply(why, done=False, state=self._state)

    def _told(self) -> str:
        match self._state:
            case "call":
                call = self._next or (self._shown and self._shown.call)
                assert call
                return f"a call is on since {call.at:%H:%M:%S}"
            case "note":
                return "the last call's note is open; the next call may start"
            case "ready":
                return "ready: waiting for a call"

    def _over(self) -> None:
        with self._lock:
            self._shown = None
