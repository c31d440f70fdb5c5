"""What one person has in front of them at the desk, whichever screen shows it.

The queue as far as it was read, what is read ahead of them, their reviews on the way to the store.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from agentassist.errors import MendableError
from agentassist.reviewing import Filters, Moment, Opened, Reviewing, ReviewKind, Standing
from agentassist.tui.review.asking import ask

PAGE = 50
"""Moments that are read at once."""

_AHEAD = 4
"""Calls that are kept ready."""

_BECOMES: dict[ReviewKind, Standing] = {"agree": "agreed", "overrule": "overruled"}


class Queue:
    """The moments as they were read: most pressing first, then the newest."""

    def __init__(self, desk: Reviewing) -> None:
        self._desk = desk
        self._after = ""
        self._round = 0
        self._reading = asyncio.Lock()
        self.filters = Filters()
        self.moments: list[Moment] = []
        self.whole = False
        """Whether nothing is left to be read."""
        self.length = 0
        """How many there are, where that was counted; 0 before."""

    async def begin(self, filters: Filters) -> bool:
        """From its beginning, with these filters; False where others came meanwhile.

        Raises MendableError, and the queue is then as it was.
        """
        self._round += 1
        mine = self._round
        page = await ask(partial(self._desk.page, filters, "", PAGE))
        if mine != self._round:
            return False
        self.filters, self.moments = filters, list(page.moments)
        self._after, self.whole, self.length = page.after, not page.after, 0
        return True

    async def more(self) -> tuple[Moment, ...]:
        """The next page: what it added. Raises MendableError."""
        async with self._reading:
            if self.whole:
                return ()
            mine = self._round
            page = await ask(partial(self._desk.page, self.filters, self._after, PAGE))
            if mine != self._round:
                return ()
            self.moments += page.moments
            self._after, self.whole = page.after, not page.after
            return page.moments

    def put(self, moment: Moment) -> int | None:
        """The moment as it is now, in its place; which that is."""
        at = self.place(moment.id)
        if at is not None:
            self.moments[at] = moment
        return at

    def place(self, identity: str) -> int | None:
        return next((at for at, each in enumerate(self.moments) if each.id == identity), None)

    async def next_open(self, at: int) -> Moment | None:
        """The first one behind that place that waits to be judged; reads on until it is there.

        Raises MendableError.
        """
        while (found := self._open_behind(at)) is None and not self.whole:
            await self.more()
        return found

    async def reach(self, place: int) -> Moment | None:
        """The one at that place, read on to. Raises MendableError."""
        while place >= len(self.moments) and not self.whole:
            await self.more()
        return self.moments[place] if 0 <= place < len(self.moments) else None

    def _open_behind(self, at: int) -> Moment | None:
        return next((each for each in self.moments[at + 1 :] if each.standing == "open"), None)


class Ahead:
    """Opens calls before they are wanted."""

    def __init__(self, desk: Reviewing) -> None:
        self._desk = desk
        self._opening: dict[str, asyncio.Task[Opened]] = {}

    def read(self, moment: str) -> None:
        """So that it is there when it is taken."""
        known = self._opening.get(moment)
        if known is None or (known.done() and known.exception()):
            task = asyncio.create_task(ask(partial(self._desk.open, moment)))
            task.add_done_callback(_heard)
            self._opening[moment] = task
            while len(self._opening) > _AHEAD:
                self.forget(next(iter(self._opening)))

    async def take(self, moment: str) -> Opened:
        """The moment with its call. Raises MendableError."""
        self.read(moment)
        return await asyncio.shield(self._opening.pop(moment))

    def forget(self, moment: str) -> None:
        """What was read of it is out of date."""
        self._opening.pop(moment, None)


def _heard(task: asyncio.Task[Opened]) -> None:
    """A fault is told when the moment is taken; nobody may ever take it."""
    if not task.cancelled():
        task.exception()


class Written(NamedTuple):
    """A review on its way."""

    moment: str
    kind: ReviewKind
    text: str


class Outbox:
    """Writes reviews in their order, one after the other; what fails waits for `again`."""

    def __init__(
        self,
        desk: Reviewing,
        wrote: Callable[[Opened], None],
        failed: Callable[[str], None],
    ) -> None:
        self._desk = desk
        self._wrote = wrote
        self._failed = failed
        self._waiting: deque[Written] = deque()
        self._writing: asyncio.Task[None] | None = None
        self.trouble = ""
        """Why the first one could not be written."""

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, written: Written) -> None:
        self._waiting.append(written)
        self.again()

    def again(self) -> None:
        """Goes on writing, if anything waits and nothing is being written."""
        if self._waiting and (self._writing is None or self._writing.done()):
            self._writing = asyncio.create_task(self._write())

    def holds(self, moment: str) -> bool:
        """Whether more of that moment is on its way."""
        return any(each.moment == moment for each in self._waiting)

    def take_back(self, moment: str) -> None:
        """What could not be written of that moment is not tried again."""
        if self.trouble:
            self._waiting = deque(each for each in self._waiting if each.moment != moment)
            self.trouble = ""

    async def settle(self) -> None:
        """Until all is written, or can't be now."""
        if self._writing:
            await asyncio.shield(self._writing)

    async def _write(self) -> None:
        while self._waiting:
            first = self._waiting[0]
            try:
                opened = await ask(partial(self._desk.add, *first))
            except MendableError as error:
                self.trouble = str(error)
                self._failed(self.trouble)
                return
            self.trouble = ""
            if self._waiting and self._waiting[0] is first:
                self._waiting.popleft()
            self._wrote(opened)


class Sitting:
    """One person's work at the desk, whichever screen is in front."""

    def __init__(
        self,
        desk: Reviewing,
        wrote: Callable[[Opened], None],
        failed: Callable[[str], None],
    ) -> None:
        """`wrote` is told of each review that is in the store, `failed` why one is not yet."""
        self.desk = desk
        self.queue = Queue(desk)
        self.ahead = Ahead(desk)
        self._tell = wrote
        self.outbox = Outbox(desk, self._wrote, failed)
        self.judged: list[str] = []
        """The moments that were judged in this sitting, the last one last."""

    def say(self, moment: Moment, kind: ReviewKind, text: str = "") -> Moment:
        """Puts a review on its way, and gives the moment as it will be."""
        self.ahead.forget(moment.id)
        after = _after(moment, kind)
        self.queue.put(after)
        if kind in _BECOMES:
            self.judged.append(moment.id)
        self.outbox.put(Written(moment.id, kind, text))
        return after

    def _wrote(self, opened: Opened) -> None:
        if not self.outbox.holds(opened.moment.id):
            self.queue.put(opened.moment)
        self._tell(opened)


def _after(moment: Moment, kind: ReviewKind) -> Moment:
    """As the store will have it."""
    match kind:
        case "agree" | "overrule":
            return replace(moment, standing=_BECOMES[kind], disputed=False)
        case "dispute":
            return replace(moment, standing="open", disputed=True)
        case "answer":
            return replace(moment, disputed=False)
        case "praise":
            return replace(moment, praised=True)
        case "share":
            return replace(moment, shared=True)
        case "consent" | "withdraw":
            return replace(moment, consented=kind == "consent")
        case _:
            return moment
