"""A process that is killed in the middle of its dealings with the disk."""

import os
import signal
from typing import Any

_STEPS = ("open", "write", "fsync", "ftruncate", "truncate", "replace", "rename", "unlink")


def die_at(step: int) -> None:
    """Kills this process at its so-and-so-manieth dealing with the disk; a write is torn."""
    left = step

    def dying(name: str) -> Any:
        true = getattr(os, name)

        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                if name == "write":
                    true(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return true(*arguments, **options)

        return call

    for name in _STEPS:
        setattr(os, name, dying(name))
