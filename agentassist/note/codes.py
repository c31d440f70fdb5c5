"""Action code and result code: what was done, and what came of it, as the records name them."""

from collections.abc import Mapping

from agentassist.note.reading import Reading
from agentassist.vocabulary import Outcome

OPENING = 6
"""Turns in which an agent says that they are ringing, or thanks for the call."""

_CONTACTS = {True: "right_party", False: "third_party", None: "unverified"}


def codes(
    reading: Reading,
    named: Mapping[str, Mapping[str, str]],
    ended: Outcome,
    reached: bool | None,
) -> tuple[str, str]:
    """The action code, and the result code as `RPC-PTP`: whom it reached, what came of it."""
    return _name(named, "action", _action(reading)), result_code(named, ended, reached)


def result_code(
    named: Mapping[str, Mapping[str, str]], ended: Outcome, reached: bool | None
) -> str:
    """The result code alone, as for an outcome that the agent names."""
    contact = _name(named, "contact", _CONTACTS[reached])
    return f"{contact}-{_name(named, 'result', ended)}"


def _name(named: Mapping[str, Mapping[str, str]], kind: str, code: str) -> str:
    return named.get(kind, {}).get(code, code)


def _action(reading: Reading) -> str:
    """Who rang whom, where the agent's first words tell; `call` where they don't."""
    for labelled in reading.turns[:OPENING]:
        if labelled.turn.speaker == "agent":
            said = reading.codes(labelled.turn, "direction")
            if said:
                return "inbound_call" if "inbound_call" in said else next(iter(said))
    return "call"
