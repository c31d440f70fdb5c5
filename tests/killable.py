"""Has the program loaded and forks a process for each command, so that it can be killed early.

Starting Python and reading the rules anew takes longer than what is to be interrupted. An order
is a line of JSON on standard input; the answers are the process's id, then, once it is gone, its
exit status.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import agentassist.commands.live_lines
import agentassist.commands.notes
import agentassist.commands.play
import agentassist.plain  # noqa: F401
from agentassist import packs
from agentassist.cli import main
from agentassist.commands import coach
from agentassist.pipeline import run as derived
from tests.conftest import spoken
from tests.dying import die_at
from tests.live_program import scripted

RULES = packs.load()
COACH = coach.Coach(RULES, rules_only=True)
setattr(packs, "load", lambda *_: RULES)  # noqa: B010 - read once, before the forks
setattr(coach, "classifier", lambda *_, **__: COACH.classify)  # noqa: B010
list(derived(spoken(("agent", "Good morning."), ("caller", "I can't pay.")), COACH.stages()))


def run(order: dict[str, Any]) -> None:
    os.environ["XDG_DATA_HOME"] = os.environ["HOME"] = order["home"]
    os.chdir(order["home"])
    told = os.open(order["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(told, 1)
    os.dup2(told, 2)
    if (script := Path(order["home"], "script.json")).exists():
        scripted(script)
    if order["die_at"]:
        die_at(order["die_at"])
    main(order["arguments"])


for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            run(json.loads(line))
        except SystemExit as ended:
            status = int(ended.code or 0)
        finally:
            sys.stdout.flush()
            os._exit(status)
    sys.stdout.write(f"{pid}\n")
    sys.stdout.flush()
    sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n")
    sys.stdout.flush()
