"""What draft-ietf-vcon-vcon-core-03 demands of an unsigned vCon, as far as we write one.

Section names are the draft's. Stricter than the draft where it leaves freedom that we don't use.
"""

import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

_VCON = {"vcon", "uuid", "extensions", "created_at", "parties", "dialog", "analysis", "attachments"}
_PARTY = {"name", "validation", "type"} | {"role"}  # role: draft-ietf-vcon-cc-extension-01
_DIALOG = {"type", "start", "duration", "parties", "mediatype", "body", "encoding"}
_ANALYSIS = {"type", "dialog", "mediatype", "vendor", "product", "schema", "body", "encoding"}
_ATTACHMENT = {"purpose", "start", "party", "dialog", "mediatype", "filename", "body", "encoding"}
_ANALYSIS_TYPES = {"report", "sentiment", "summary", "transcript", "translation", "tts"}
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d*[1-9]\d*)?(Z|[+-]\d\d:\d\d)")


def faults(vcon: dict[str, Any]) -> Iterator[str]:
    """Every place at which it departs from the draft."""
    yield from _keys("vcon", vcon, _VCON, {"vcon", "uuid", "created_at", "parties"})
    if vcon.get("vcon") != "0.4.0":
        yield "vcon: the syntax of this document is 0.4.0"
    identifier = uuid.UUID(vcon["uuid"])
    if (identifier.version, identifier.variant) != (8, uuid.RFC_4122):
        yield "uuid: SHOULD be of version 8"
    yield from _date("created_at", vcon["created_at"])
    if any("role" in party for party in vcon["parties"]) and "CC" not in vcon["extensions"]:
        yield "extensions: SHOULD name all that are used"
    for place, party in enumerate(vcon["parties"]):
        yield from _party(f"parties/{place}", party)
    counts = len(vcon["parties"]), len(vcon.get("dialog", ()))
    for place, dialog in enumerate(vcon.get("dialog", ())):
        yield from _dialog(f"dialog/{place}", dialog, counts[0])
    for place, analysis in enumerate(vcon.get("analysis", ())):
        yield from _analysis(f"analysis/{place}", analysis, counts[1])
    for place, attachment in enumerate(vcon.get("attachments", ())):
        yield from _attachment(f"attachments/{place}", attachment, *counts)


def _party(at: str, party: dict[str, Any]) -> Iterator[str]:
    yield from _keys(at, party, _PARTY, set())
    if "name" in party and "validation" not in party:
        yield f"{at}: validation SHOULD be provided if name is"
    if party.get("type") not in {"person", "bot", "organization"}:
        yield f"{at}/type"
    if not all(isinstance(value, str) for value in party.values()):
        yield f"{at}: strings"


def _dialog(at: str, dialog: dict[str, Any], parties: int) -> Iterator[str]:
    yield from _keys(at, dialog, _DIALOG, _DIALOG)
    if dialog["type"] != "text" or dialog["mediatype"] != "text/plain":
        yield f"{at}: we write text"
    yield from _date(f"{at}/start", dialog["start"])
    if not isinstance(dialog["duration"], float | int) or dialog["duration"] < 0:
        yield f"{at}/duration: seconds"
    yield from _index(f"{at}/parties", dialog["parties"], parties)
    yield from _content(at, dialog)


def _analysis(at: str, analysis: dict[str, Any], dialogs: int) -> Iterator[str]:
    needed = {"type", "vendor", "body", "encoding", "mediatype"} | (
        {"dialog"} if dialogs else set()
    )
    yield from _keys(at, analysis, _ANALYSIS, needed)
    if analysis["type"] not in _ANALYSIS_TYPES:
        yield f"{at}/type"
    for index in analysis.get("dialog", ()):
        yield from _index(f"{at}/dialog", index, dialogs)
    yield from _content(at, analysis)


def _attachment(at: str, attachment: dict[str, Any], parties: int, dialogs: int) -> Iterator[str]:
    yield from _keys(at, attachment, _ATTACHMENT, _ATTACHMENT)
    yield from _date(f"{at}/start", attachment["start"])
    yield from _index(f"{at}/party", attachment["party"], parties)
    yield from _index(f"{at}/dialog", attachment["dialog"], dialogs)
    yield from _content(at, attachment)


def _content(at: str, holder: dict[str, Any]) -> Iterator[str]:
    """Inline Files."""
    if holder["encoding"] not in {"base64url", "json", "none"}:
        yield f"{at}/encoding"
    if holder["encoding"] == "none" and not isinstance(holder["body"], str):
        yield f"{at}/body: a string where nothing encodes it"
    if not re.fullmatch(r"[a-z]+/[a-z-]+", holder["mediatype"]):
        yield f"{at}/mediatype"


def _keys(at: str, value: dict[str, Any], known: set[str], needed: set[str]) -> Iterator[str]:
    yield from (f"{at}/{key}: not in the draft" for key in value.keys() - known)
    yield from (f"{at}/{key}: missing" for key in needed - value.keys())


def _date(at: str, value: str) -> Iterator[str]:
    if not _DATE.fullmatch(value) or datetime.fromisoformat(value).tzinfo is None:
        yield f"{at}: not a date"


def _index(at: str, value: Any, count: int) -> Iterator[str]:
    if not isinstance(value, int) or not 0 <= value < count:
        yield f"{at}: no such index"
