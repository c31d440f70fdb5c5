"""The note as JSON, and the schema that it keeps: `note.schema.json` beside this file.

The fields are those of `analyze --json`'s note; sums are numbers there and here. The schema is
made from `values.Note`. Renew the file with `agentassist export --schema`.
"""

import inspect
from pathlib import Path
from typing import Any

import msgspec

from agentassist.call import Call
from agentassist.cleaning import cleaned
from agentassist.values import Note

SCHEMA = Path(__file__).parent / "note.schema.json"

_encoder = msgspec.json.Encoder(decimal_format="number")


def to_json(call: Call, note: Note) -> str:
    """The note's fields as one JSON object."""
    del call
    return msgspec.json.format(_encoder.encode(cleaned(note))).decode() + "\n"


def note_schema() -> str:
    """JSON Schema 2020-12 of what `to_json` writes."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema |= _as_written(msgspec.json.schema(Note))
    return msgspec.json.format(msgspec.json.encode(schema)).decode() + "\n"


def _as_written(part: Any) -> Any:
    """The same schema with sums as numbers, and with its descriptions set in nowhere."""
    if isinstance(part, list):
        return [_as_written(item) for item in part]
    if not isinstance(part, dict):
        return part
    if part.get("format") == "decimal":
        return {"type": "number"}
    changed = {key: _as_written(value) for key, value in part.items()}
    if isinstance(part.get("description"), str):
        changed["description"] = inspect.cleandoc(part["description"])
    return changed
