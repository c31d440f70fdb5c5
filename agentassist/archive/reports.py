"""Reports of the archive, as one person may see them."""

import datetime

from agentassist.archive import figures, policies, queue
from agentassist.archive.desk import ArchiveDesk, look
from agentassist.errors import MendableError
from agentassist.report.comparing import comparison
from agentassist.report.figures import Name, Period, Wanted, Whose
from agentassist.report.whole import Quote, Report, of_comparison, of_course
from agentassist.reviewing import Filters, Moment, Person

_QUOTES = 10
_LOOKED_THROUGH = 50

_OFF = (
    "comparing people is off until an organisation turns it on: coaching data is kept apart from"
    " discipline, and people who are ranked stop disputing cues and asking for help. The"
    " archive's owner may turn it on: agentassist archive policy rankings on --why WORDS"
)


def over_time(
    desk: ArchiveDesk, wanted: Wanted, now: datetime.datetime, *, quotes: bool = False
) -> Report:
    """The figures of these days, with words of calls only where they are asked for.

    Raises MendableError where there is no call, or none that they may see.
    """
    whose, asked = _allowed(desk.who, wanted.whose), wanted.asked
    with desk.archive.reading() as connection:
        found = figures.course(connection, desk.who, whose, asked, wanted.by)
    if not found.total.calls:
        raise MendableError(_none(whose, asked))
    told = _quotes(desk, whose, asked, now) if quotes else ()
    return of_course(found, now, told)


def side_by_side(
    desk: ArchiveDesk, wanted: Wanted, order: Name | None, now: datetime.datetime
) -> Report:
    """Agents beside each other, where that is turned on. Raises MendableError where it is not."""
    whose, asked = _allowed(desk.who, wanted.whose), wanted.asked
    policy = policies.policy(desk, "rankings")
    if not policy.is_on:
        raise MendableError(_OFF)
    if desk.who.role == "agent":
        raise MendableError("your own figures are yours to see, those of others are not")
    with desk.archive.reading() as connection:
        found = figures.by_agent(connection, desk.who, whose, asked)
    if not found:
        raise MendableError(_none(whose, asked))
    return of_comparison(comparison(whose.told, asked, policy, found, order), now)


def _allowed(who: Person, whose: Whose) -> Whose:
    """Whose calls it comes to. Raises MendableError where others' are not theirs to see."""
    if who.role == "agent":
        if whose.agent not in ("", who.id) or whose.team:
            raise MendableError("your own figures are yours to see, those of others are not")
        return Whose(agent=who.id)
    if who.role == "supervisor":
        if whose.team and whose.team not in who.teams:
            teams = ", ".join(who.teams) or "none"
            raise MendableError(f"team {whose.team}: not one of yours, which are: {teams}")
        if not whose.team and not whose.agent and len(who.teams) == 1:
            return Whose(team=who.teams[0])
    return whose


def _none(whose: Whose, asked: Period) -> str:
    days = f"from {asked.first} to {asked.last}"
    return f"{whose.told}: no call {days} that you may see; look at --since, --team and --agent"


def _quotes(
    desk: ArchiveDesk, whose: Whose, asked: Period, now: datetime.datetime
) -> tuple[Quote, ...]:
    """The most pressing moments that nobody overruled; the look is kept before they are told."""
    wanted = Filters(
        agent=whose.agent, team=whose.team, standing="", since=asked.first, until=asked.last
    )
    with desk.archive.writing() as connection:
        page = queue.page(connection, desk.who, wanted, "", _LOOKED_THROUGH)
        chosen = [m for m in page.moments if m.quote and m.standing != "overruled"][:_QUOTES]
        look(connection, desk.who.id, now, "exported", (moment.call for moment in chosen))
    return tuple(map(_quote, chosen))


def _quote(moment: Moment) -> Quote:
    name = moment.name.replace("_", " ")
    return Quote(moment.quote, f"{name}, {moment.happened_at:%Y-%m-%d}, {moment.title}")
