#!/usr/bin/env python3
"""Fills an archive with a million synthetic calls and times what the desk asks of it.

    scripts/benchmark_archive.py                                   # SQLite, in a temporary folder
    scripts/benchmark_archive.py --server postgresql+psycopg://owner@host/empty_database

On a server the questions are asked as a supervisor of one team would, so with the database's
own rules of who may see what in force. Ten thousand of the calls have transcripts. The table
gives the median and the 95th percentile of many askings, each with other values.
"""

import argparse
import datetime
import itertools
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np
from sqlalchemy import Connection, insert
from synthetic_floor import AGENTS, LAST, OUTCOMES, RARE, Floor, batches

from agentassist.archive import migrations, tables
from agentassist.archive.desk import ArchiveDesk
from agentassist.archive.opening import Archive, open_file, open_owned, open_server
from agentassist.report.figures import By, Period, Whose
from agentassist.reviewing import Filters, Person

SUPERVISOR = "benchmark_supervisor"
TEAM = "team-07"
ORDER = ("calls", "figures", "promises", "reasons", "moments", "turns", "heard", "notes")


class Question(NamedTuple):
    """Something that the desk asks, with a new value each time."""

    name: str
    ask: Callable[[int], Any]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--calls", type=int, default=1_000_000)
    arguments.add_argument("--transcripts", type=int, default=10_000)
    arguments.add_argument("--server", metavar="URL", help="An empty database, as its owner.")
    arguments.add_argument("--file", type=Path, help="Keep the archive in this file.")
    arguments.add_argument("--times", type=int, default=60, help="How often each is asked.")
    told = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = told.file or Path(folder) / "archive.sqlite"
        archive = open_owned(told.server) if told.server else open_file(place)
        if is_empty(archive):
            fill(archive, Floor(told.calls, told.transcripts))
        desk = as_supervisor(archive, Path(folder))
        print(f"\n{archive.engine.dialect.name}, {told.calls:,} calls")
        print("| asked | median ms | 95th percentile ms |\n|---|---|---|")
        for question in questions(desk):
            print("| {} | {:.1f} | {:.1f} |".format(question.name, *timed(question, told.times)))


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def is_empty(archive: Archive) -> bool:
    with archive.writing() as connection:
        migrations.upgrade(connection, archive.place)
        return connection.execute(tables.calls.select().limit(1)).first() is None


def fill(archive: Archive, floor: Floor) -> None:
    with click.progressbar(length=floor.calls, label="Filling") as bar:
        for rows in batches(floor):
            with archive.writing() as connection:
                for name in ORDER:
                    if told := rows.get(name):
                        put(connection, name, told)
            bar.update(len(rows["calls"]))
    with archive.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql("VACUUM" if archive.is_server else "PRAGMA optimize")


def put(connection: Connection, name: str, rows: list[dict[str, Any]]) -> None:
    """In bulk: PostgreSQL by COPY."""
    if connection.dialect.name == "sqlite":
        connection.execute(insert(tables.metadata.tables[name]), rows)
        return
    columns = list(rows[0])
    named = ", ".join(f'"{column}"' for column in columns)
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {name} ({named}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[column] for column in columns])


def as_supervisor(archive: Archive, folder: Path) -> ArchiveDesk:
    """A desk as the supervisor of one team has it; on a server logged in as they."""
    if not archive.is_server:
        who = Person("supervisor", "supervisor", "supervisor", teams=(TEAM,))
        return ArchiveDesk(archive, who, now)
    from agentassist.archive import people

    people.add(archive, SUPERVISOR, "supervisor", password=False)
    people.supervise(archive, SUPERVISOR, TEAM)
    passwords = folder / "passwords"
    passwords.touch(0o600)
    passwords.write_text(f"*:*:*:{SUPERVISOR}:{people.new_password(archive, SUPERVISOR)}\n")
    os.environ["PGPASSFILE"] = str(passwords)
    url = archive.engine.url.set(username=SUPERVISOR)
    return ArchiveDesk(open_server(url.render_as_string()), None, now)


def questions(desk: ArchiveDesk) -> Iterator[Question]:
    agents = [f"{TEAM.replace('team', 'agent')}-{number:02d}" for number in range(AGENTS)]
    rules = desk.choices().rules
    outcomes = [name for name, _ in OUTCOMES]
    moments = [moment.id for moment in desk.page(Filters(), size=200).moments]
    pages = [""]
    for _ in range(40):
        pages.append(desk.page(Filters(standing=""), pages[-1]).after)

    def each(values: Sequence[str]) -> Callable[[int], Any]:
        return lambda turn: values[turn % len(values)]

    def days(turn: int) -> datetime.date:
        return LAST - datetime.timedelta(days=turn * 5)

    agent, rule, outcome, moment = map(each, (agents, rules, outcomes, moments))
    after, words = each(pages), each(('"lost my job"', "sister gym", "terms orchard"))
    yield Question("queue, first page", lambda _: desk.page(Filters()))
    yield Question("queue, a later page", lambda n: desk.page(Filters(standing=""), after(n)))
    yield Question("queue of an agent", lambda n: desk.page(Filters(agent=agent(n))))
    yield Question("queue of a rule", lambda n: desk.page(Filters(rule=rule(n))))
    yield Question("queue of an outcome", lambda n: desk.page(Filters(outcome=outcome(n))))
    yield Question("queue of disputed ones", lambda _: desk.page(Filters(disputed=True)))
    yield Question(
        "queue of a week",
        lambda n: desk.page(Filters(standing="", since=days(n + 1), until=days(n))),
    )
    yield Question("queue, by words said", lambda n: desk.page(Filters(words=words(n))))
    yield Question("how many wait", lambda _: desk.count(Filters()))
    yield Question("what there is to filter by", lambda _: desk.choices())
    yield Question("a moment opened", lambda n: desk.open(moment(n)))
    yield Question("search, what one turn in 240 holds", lambda n: desk.search(words(n)))
    yield Question("search, what every eighth turn holds", lambda _: desk.search("sister rang"))
    yield Question("search, a rare word", lambda _: desk.search(RARE))
    yield Question("precision of each rule", lambda _: desk.precision())
    yield from reports(desk, agent)


def reports(desk: ArchiveDesk, agent: Callable[[int], str]) -> Iterator[Question]:
    """What the pictures are made of."""
    from agentassist.archive.figures import course

    def asked(whose: Whose, days: int, by: By) -> Any:
        period = Period(LAST - datetime.timedelta(days=days), LAST)
        with desk.archive.reading() as connection:
            return course(connection, desk.who, whose, period, by)

    yield Question("report of a team's quarter", lambda _: asked(Whose(team=TEAM), 91, "week"))
    yield Question("report of a team's year", lambda _: asked(Whose(team=TEAM), 365, "month"))
    yield Question(
        "report of a person's half year", lambda n: asked(Whose(agent=agent(n)), 182, "month")
    )


def timed(question: Question, times: int) -> tuple[float, float]:
    """Milliseconds: the median and the 95th percentile."""
    question.ask(0)
    taken = []
    for turn in itertools.islice(itertools.count(), times):
        begin = time.perf_counter()
        question.ask(turn)
        taken.append((time.perf_counter() - begin) * 1000)
    return float(np.median(taken)), float(np.percentile(taken, 95))


if __name__ == "__main__":
    main()
