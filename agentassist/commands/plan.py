"""`plan`: the plan sheet's reckoning without a screen, for other programs and for a look."""

import datetime
import re
from decimal import Decimal
from typing import Any

import click
import msgspec

from agentassist import config
from agentassist.arrangement import Arrangement
from agentassist.commands.desk import now
from agentassist.note.words import day, sum_of
from agentassist.plans.arranging import Terms, arrangement
from agentassist.plans.sentences import sentence
from agentassist.vocabulary import ArrangementKind, Frequency

_EVERY: dict[str, Frequency] = {"week": "weekly", "fortnight": "fortnightly", "month": "monthly"}


class _Sum(click.ParamType[Decimal]):
    """A sum of money, exactly as it is written."""

    name = "SUM"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        if not re.fullmatch(r"\d{1,12}(\.\d{1,4})?", str(value), re.ASCII):
            self.fail(f"{value!r} is not a sum; say 40 or 40.50", param, ctx)
        return Decimal(str(value))


_sum = _Sum()


@click.command(
    epilog="Example: agentassist plan --balance 482.10 --amount 40 --first 2026-03-27 --every month"
)
@click.option("--balance", type=_sum, required=True, help="What is owed.")
@click.option("--amount", type=_sum, help="One payment; with --settle or --part see there.")
@click.option("--payments", type=click.IntRange(1), help="How many, in place of --amount.")
@click.option("--first", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day.")
@click.option("--every", type=click.Choice([*_EVERY]), default="month", show_default=True)
@click.option("--today", type=_sum, help="What is paid today.")
@click.option("--settle", is_flag=True, help="A settlement: --amount in all ends the debt.")
@click.option("--part", is_flag=True, help="Part payment: --amount, as often as --payments.")
@click.option("--currency", default="GBP", show_default=True, metavar="CODE")
@click.option("--json", "as_json", is_flag=True, help="The arrangement as one JSON object.")
def plan(
    balance: Decimal,
    amount: Decimal | None,
    payments: int | None,
    first: datetime.datetime,
    every: str,
    today: Decimal | None,
    settle: bool,
    part: bool,
    currency: str,
    as_json: bool,
) -> None:
    """Instalments, a settlement or a part payment: the schedule, and a sentence to say."""
    if settle and part:
        raise click.UsageError("say --settle or --part, not both")
    if not re.fullmatch("[A-Z]{3}", currency):
        raise click.UsageError(f"--currency {currency[:8]!r}: say its three letters, as GBP")
    kind: ArrangementKind = "settlement" if settle else "partial" if part else "plan"
    drawn = arrangement(
        Terms(
            kind,
            balance,
            first.date(),
            _EVERY[every],
            amount,
            payments,
            down=today,
            today=now().date() if today else None,
            currency=currency,
        ),
        config.load().plans.limits,
    )
    click.echo(_json(drawn) if as_json else "\n".join(_lines(drawn)))


def _json(drawn: Arrangement) -> str:
    """As in the note's JSON, with the sentence."""
    encoder = msgspec.json.Encoder(decimal_format="number")
    fields = msgspec.json.decode(encoder.encode(drawn), type=dict[str, msgspec.Raw])
    fields["sentence"] = msgspec.Raw(encoder.encode(sentence(drawn)))
    return encoder.encode(fields).decode()


def _lines(drawn: Arrangement) -> list[str]:
    left, lines = drawn.balance, []
    for number, (date, amount) in enumerate(drawn.schedule, 1):
        left -= amount
        sums = f"{sum_of(amount, drawn.currency):>12}  {sum_of(left, drawn.currency):>12}"
        lines.append(f"{number:>4}  {day(date):<28}{sums}")
    outside = [f"Outside the limits: {limit}" for limit in drawn.outside]
    return [
        f"{'':6}{'Day':<28}{'Payment':>12}  {'Left':>12}",
        *lines,
        "",
        *outside,
        sentence(drawn),
    ]
