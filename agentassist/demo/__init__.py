"""The bundled call: a written dialogue, and the recording that `scripts/make_demo_call.py` made.

The dialogue is the recording's reference: labels, note, and the times at which each turn is
spoken. Both voices are synthetic, and the people and the company are made up.
"""

from pathlib import Path

DIALOGUE = Path(__file__).parent / "dialogue.json"
"""The reference call: turns with speaker, text, labels, start and end in seconds; the note."""

RECORDING = Path(__file__).parent / "call.flac"
"""Two channels, 8 kHz, telephone band: the agent left, the caller right."""
