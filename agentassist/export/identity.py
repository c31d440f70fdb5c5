"""Which call it is, in identifiers that stay the same when it is written out again."""

import hashlib

import msgspec

from agentassist.call import Call

_encoder = msgspec.json.Encoder(order="deterministic")


def fingerprint(call: Call) -> bytes:
    """32 bytes of what was heard, when and about which account: never of what was derived."""
    started = call.started
    heard = (
        started.started_at if started else None,
        started.call_date if started else None,
        call.account.name,
        call.account.creditor,
        [(t.turn.speaker, round(t.turn.start, 2), t.turn.text) for t in call.turns],
    )
    return hashlib.sha256(_encoder.encode(heard)).digest()
