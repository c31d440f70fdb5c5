"""`archive payments`: which promises were kept, by the creditor's own records."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import get_args

import click

from agentassist.account import Payment
from agentassist.commands import archives, crm_table, desk
from agentassist.commands.options import FILE
from agentassist.crm.days import DayOrder
from agentassist.crm.updates import Fault, Update, entry
from agentassist.errors import MendableError
from agentassist.report.settling import Records, Settled, Standing, grace
from agentassist.tui import wording

_DAY = click.DateTime(["%Y-%m-%d"])

_SHOWN = 20
"""Promises paid in part that are named."""

_STANDINGS: dict[Standing, str] = {
    "kept": "kept",
    "partly": "paid in part, which is not kept",
    "unpaid": "not paid",
}


@click.command(epilog="Example: agentassist archive payments payments.csv --dates day-first")
@click.argument("file", type=FILE)
@click.option("--map", "told", multiple=True, metavar="COLUMN=FIELD", help="May be repeated.")
@click.option("--dates", type=click.Choice(get_args(DayOrder)), help="Of days like 03/04/2026.")
@click.option(
    "--since", type=_DAY, metavar="YYYY-MM-DD", help="All payments from that day on are in it."
)
@click.option(
    "--until", type=_DAY, metavar="YYYY-MM-DD", help="All payments up to that day are in it."
)
@click.option(
    "--grace",
    "days",
    type=click.IntRange(min=0),
    help="Days that a payment may come late; by default 3.",
)
@archives.db_option
def payments(
    file: Path,
    told: tuple[str, ...],
    dates: DayOrder | None,
    since: datetime.datetime | None,
    until: datetime.datetime | None,
    days: int | None,
    db: str | None,
) -> int:
    """Tell from a table of payments, CSV or JSON, which promises of filed calls were kept.

    A promise is kept if its sum came in between its call and its day, or the days of grace after
    it. It counts as not kept only where the table reaches over all that time: from its first
    payment to its last, or as --since and --until say. The table is taken to hold the payments
    of every account; with one for each creditor, read all of them. Nothing that was found kept is
    taken back, and the same table may be read again.
    """
    good, bad = crm_table.read(file, "payments", told, dates)
    read, faults = _payments(good)
    crm_table.tell_faults(file, [*bad, *faults])
    records = _records(file, read, since, until)
    allowed = grace() if days is None else datetime.timedelta(days=days)
    _settle(db, read, records, allowed)
    return int(bool(bad or faults))


def _settle(
    db: str | None,
    read: dict[str, list[Payment]],
    records: Records,
    allowed: datetime.timedelta,
) -> None:
    from agentassist.archive.settling import settle, unsettled

    archive = archives.opened(db)
    try:
        done = settle(archive, read, records, allowed, _shown)
        _tell(done, records)
        left = unsettled(archive)
    finally:
        archive.close()
    click.echo(
        f"not known yet: {left.later:,}, whose time is not over or not in the table, and "
        f"{left.incomplete:,} without a sum, a day or an account"
    )


def _payments(good: Iterable[Update]) -> tuple[dict[str, list[Payment]], list[Fault]]:
    """By account, and the rows that are none."""
    found: dict[str, list[Payment]] = defaultdict(list)
    faults = []
    for each in good:
        made = entry("payments", each)
        if isinstance(made, Payment):
            found[each.id].append(made)
        elif isinstance(made, Fault):
            faults.append(made)
    return found, faults


def _records(
    file: Path,
    read: dict[str, list[Payment]],
    since: datetime.datetime | None,
    until: datetime.datetime | None,
) -> Records:
    """The days that the table reaches over; none that is yet to come."""
    found = [payment.date for payments in read.values() for payment in payments]
    if not found and not (since and until):
        raise MendableError(f"{file}: no payment in it; with --since and --until it may have none")
    first = since.date() if since else min(found)
    last = min(until.date() if until else max(found), desk.now().date())
    if first > last:
        raise click.UsageError(f"no day from {first} to {last}: mind --since and --until")
    return Records(first, last)


def _shown(accounts: Sequence[str]) -> Iterable[str]:
    return crm_table.shown(accounts, "Settling")


def _tell(done: Sequence[tuple[str, Settled]], records: Records) -> None:
    counts = Counter(each.standing for _, each in done)
    parts = (f"{counts[standing]:,} {words}" for standing, words in _STANDINGS.items())
    click.echo(f"by payments from {records.first} to {records.last}: {', '.join(parts)}")
    partly = [(account, each) for account, each in done if each.standing == "partly"]
    for account, each in partly[:_SHOWN]:
        promise = each.promise
        told = f"  {account}: {each.paid:.2f} of {promise.amount:.2f}, promised for {promise.due}"
        click.echo(wording.clean(told))
    if len(partly) > _SHOWN:
        click.echo(f"  and {len(partly) - _SHOWN:,} more")
