"""Asks the store without the screen waiting, and without the program waiting at its end.

The threads are daemons: a server that does not answer keeps nobody from leaving.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

Answer = TypeVar("Answer")


async def ask(question: Callable[[], Answer]) -> Answer:
    """What the question answers, or raises, from a thread of its own."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Answer] = loop.create_future()

    def tell(result: Answer | None, error: BaseException | None) -> None:
        if answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result, error = None, None
        try:
            result = question()
        except BaseException as raised:  # noqa: BLE001 - it is raised where it was asked
            error = raised
        with suppress(RuntimeError):  # the program has ended
            loop.call_soon_threadsafe(tell, result, error)

    threading.Thread(target=run, name="review", daemon=True).start()
    return await answer
