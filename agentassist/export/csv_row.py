"""The note as a row of CSV for a CRM (RFC 4180), which no spreadsheet can take for a formula.

Every cell is quoted, and a character that begins a formula is put behind an apostrophe, at the
start of a cell and behind anything that might start another (OWASP, CSV Injection).
"""

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from agentassist.arrangement import Arrangement
from agentassist.call import Call
from agentassist.cleaning import cleaned
from agentassist.export.facts import Facts, facts
from agentassist.export.text import to_text
from agentassist.note import words
from agentassist.values import Note, Plan, Promise, Settlement

_FORMULA = re.compile(r"""(^|[,;|"'\t\r\n])(\s*)(?=[=+\-@＝＋－＠])""")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def to_csv(call: Call, note: Note, *, header: bool = True) -> str:
    """One row, behind the names of its columns if so wished; lines end in CR LF.

    Lists stand in one cell each, between semicolons. Sums are bare numbers, days ISO dates.
    """
    known = facts(cleaned(call), cleaned(note))
    cells = dict(_cells(known) | {"to_confirm": _list(known.confirm), "note": to_text(call, note)})
    cells |= _drawn(known.note.drawn)
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    if header:
        writer.writerow(cells)
    writer.writerow(_harmless(_told(value)) for value in cells.values())
    return out.getvalue()


def _cells(known: Facts) -> dict[str, Any]:
    note, account = known.note, known.account
    first = note.promises[0] if note.promises else Promise()
    plan, settlement = note.plan or Plan(), note.settlement or Settlement()
    return {
        "call_date": known.call.date,
        "started_at": known.call.started_at,
        "seconds": round(known.call.seconds),
        "account_name": account.name,
        "creditor": account.creditor,
        "balance": account.balance,
        "balance_currency": account.currency,
        "outcome": note.outcome,
        "action_code": note.action_code,
        "result_code": note.result_code,
        "right_party": note.right_party,
        "verified_by": _list(note.verified_by),
        "promises": _list(_promises(note)),
        "promise_amount": first.amount,
        "promise_currency": first.currency,
        "promise_date": first.date,
        "promise_method": first.method,
        "plan_amount": plan.amount,
        "plan_currency": plan.currency,
        "plan_frequency": plan.frequency,
        "plan_first_date": plan.first_date,
        "plan_instalments": plan.instalments,
        "plan_total": plan.total,
        "plan_covers_balance": plan.covers_balance,
        "settlement_amount": settlement.amount,
        "settlement_currency": settlement.currency,
        "settlement_written_off": settlement.written_off,
        "hardship": _list(note.hardship),
        "support_needs": _list(note.support_needs),
        "disputes": _list(note.disputes),
        "complaint": note.complaint,
        "represented_by": note.represented_by,
        "channels": _list(note.channels),
        "signposts": _list(note.signposts),
        "callback_at": note.callback_at,
        "cease": _list(note.cease),
        "notices": _list(notice.code for notice in note.notices),
        "follow_ups": _list(known.follow_ups),
        "handed_over": _list(words.handed_over(passed) for passed in note.handed_over),
    }


def _drawn(drawn: Arrangement | None) -> dict[str, Any]:
    """What was drawn up, last: the columns before keep their places."""
    payments = drawn.schedule if drawn else ()
    return {
        "drawn_kind": drawn.kind if drawn else None,
        "drawn_payments": _list(f"{day.isoformat()} {amount:f}" for day, amount in payments),
        "drawn_currency": drawn.currency if drawn else None,
        "drawn_total": drawn.total if drawn else None,
        "drawn_written_off": drawn.written_off if drawn else None,
        "drawn_left_owing": drawn.left_owing if drawn else None,
        "drawn_outside_limits": _list(drawn.outside) if drawn else None,
    }


def _promises(note: Note) -> Iterator[str]:
    for promise in note.promises:
        parts = (promise.amount, promise.currency, promise.date, promise.method)
        yield " ".join(_told(part) for part in parts if part is not None) or "not told"


def _list(items: Any) -> str:
    return "; ".join(items)


def _told(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value:f}"
        case _:
            return str(value.isoformat() if hasattr(value, "isoformat") else value)


def _harmless(cell: str) -> str:
    """The cell as text that no spreadsheet calculates; numbers are left as they are."""
    return cell if _NUMBER.fullmatch(cell) else _FORMULA.sub(r"\1\2'", cell)
