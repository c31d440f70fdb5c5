"""`agentassist live` on a machine without a device: sound, and who recognises it, are scripted."""

import sys
from pathlib import Path

import msgspec

from agentassist import cli
from agentassist.commands import live
from agentassist.speech.scripted import Line, ScriptedEngine
from agentassist.vocabulary import Party
from tests.live_sound import PlayedSound

DEVICES: dict[Party, str] = {"agent": "Headset", "caller": "Monitor of Headset"}


def scripted(script: Path) -> None:
    """`agentassist live` in this process hears that script."""
    lines = msgspec.json.decode(script.read_bytes(), type=dict[Party, list[Line]])
    live.choose = lambda *_: live.Chosen(DEVICES, DEVICES, by_user=True)
    live.load = lambda *_: ScriptedEngine(lines)
    live.open_line = lambda chosen: live.line_of(PlayedSound())


if __name__ == "__main__":
    scripted(Path(sys.argv[1]))
    cli.main(["live", "--rules-only", *sys.argv[2:]])
