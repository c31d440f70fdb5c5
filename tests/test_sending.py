"""What a desk filed reaches the floor's server: whole, once, whatever dies in between."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, LiteralString

import pytest
from sqlalchemy import func, select, update

from agentassist import packs
from agentassist.archive import sending, tables
from agentassist.archive.correcting import correct_call, correct_own
from agentassist.archive.desk import ArchiveDesk
from agentassist.archive.filed import Corrected
from agentassist.archive.filing import file_call, tombstone
from agentassist.archive.opening import Archive, ArchiveError, UnreachableError, open_file
from agentassist.archive.sending import Answered, Delivered, Gone, Refused
from agentassist.commands import clerk as clerks
from agentassist.commands import desk
from agentassist.commands.clerk import Clerk
from agentassist.commands.coach import Coach
from agentassist.reviewing import Filters, Person
from agentassist.values import Note, Promise
from tests.conftest import Run
from tests.filed_calls import a_call
from tests.floor import Floor, a_floor
from tests.postgres import Postgres
from tests.test_unfinished import Killable, killable

__all__ = ["killable"]

ANNA = Person("anna", "anna", "agent")


@pytest.fixture
def floor(postgres: Postgres) -> Iterator[Floor]:
    with a_floor(postgres) as made:
        yield made


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Archive]:
    """Anna's own, with three calls that she filed; one of them she disputed live."""
    (tmp_path / "data" / "agentassist").mkdir(parents=True)
    with closing(open_file(tmp_path / "data" / "agentassist" / "archive.sqlite")) as archive:
        for name, told in (("c1", ""), ("c2", "It was a joke."), ("c3", "")):
            # As the settings had the team: the server knows better.
            file_call(archive, a_call(name, "anna", "nowhere", disputed=told))
        file_call(archive, a_call("bens", "ben", "south"))
        yield archive


def named(floor: Floor, tmp_path: Path, person: str = "anna") -> None:
    url = floor.server.url(floor.database, person)
    (tmp_path / "settings.toml").write_text(f'[archive]\nurl = "{url}"\n')


def sent(own: Archive, floor: Floor, *, again: bool = False) -> list[sending.Step]:
    with floor.opened("anna") as server:
        return list(sending.send(own, server, who(server), desk.now(), again=again))


def who(server: Archive) -> Person:
    return ArchiveDesk(server, None, desk.now).who


def there(floor: Floor) -> dict[str, int]:
    """How many rows there are of Anna's new calls, by table."""
    with floor.opened() as server, server.reading() as connection:
        of_calls = {"calls": tables.calls.c.id}
        of_calls |= {
            name: tables.metadata.tables[name].c.call
            for name in ("turns", "moments", "figures", "heard", "notes", "reviews")
        }
        count = select(func.count())
        return {
            name: connection.execute(count.where(column.in_(["c1", "c2", "c3"]))).scalar_one()
            for name, column in of_calls.items()
        }


def rows(archive: Archive, column: Any) -> list[Any]:
    with archive.reading() as connection:
        return sorted(connection.execute(select(column)).scalars())


def test_what_the_server_lacks_is_sent_as_the_agent_and_nothing_twice(
    run: Run, floor: Floor, own: Archive, tmp_path: Path
) -> None:
    named(floor, tmp_path)
    assert "3 calls wait to be sent, since " in run("archive", "status").out
    done = run("archive", "send")
    assert (done.code, done.out, done.err) == (
        0,
        "3 calls and 1 words on moments sent; 0 by others fetched\n",
        "",
    )
    first = there(floor)
    assert first["calls"] == 3
    assert first["reviews"] == 1
    assert first["turns"] == 12
    assert "0 calls and 0 words" in run("archive", "send").out
    with own.writing() as connection:
        connection.execute(tables.deliveries.delete())  # it died before it remembered
    assert run("archive", "send").code == 0
    assert there(floor) == first
    assert "To send   nothing" in run("archive", "status").out
    with floor.opened("sue") as server:
        (disputed,) = ArchiveDesk(server, None, desk.now).page(Filters(disputed=True)).moments
        assert (disputed.call, disputed.team) == ("c2", "north")


def test_a_call_of_one_turn_is_sent_as_well(floor: Floor, own: Archive) -> None:
    file_call(own, a_call("short", "anna", lines=(("agent", "Hello?"),)))
    assert Delivered("call", "short") in sent(own, floor)


def test_an_outage_in_the_middle_loses_nothing_and_doubles_nothing(
    floor: Floor, own: Archive
) -> None:
    with floor.opened("anna") as server:
        steps = sending.send(own, server, who(server), desk.now())
        assert [next(steps), next(steps)] == [Delivered("call", "c1"), Delivered("call", "c2")]
        floor.server.stop()
        with pytest.raises(UnreachableError):
            next(steps)
    waits = sending.waiting(own, ANNA)
    assert (waits.calls, waits.reviews) == (1, 1)
    assert waits.told(desk.now()).startswith("1 call waits to be sent, since ")
    floor.server.start()
    assert sent(own, floor) == [
        Delivered("call", "c3"),
        Delivered("review", "c2/" + rows(own, tables.reviews.c.id)[0].split("/", 1)[1]),
    ]
    assert there(floor)["calls"] == 3


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is forked to be killed")
def test_a_desk_that_is_killed_while_it_sends_loses_nothing_and_doubles_nothing(
    floor: Floor, killable: Killable, own: Archive, tmp_path: Path
) -> None:
    named(floor, tmp_path)
    for number in range(4, 41):
        file_call(own, a_call(f"c{number}", "anna"))
    own.close()
    killable.data.mkdir()
    shutil.copy(own.place, killable.data)
    killed = []
    with floor.connected("anna") as connection:

        def arrived(table: LiteralString = "calls") -> int:
            (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
            return int(count) - (table == "calls")  # one was there before

        for wanted in (1, 12, 24):
            pid = killable.start("archive", "send")
            until(lambda wanted=wanted: arrived() >= wanted)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            if killable.ended() == -signal.SIGKILL:
                killed.append(arrived())
        assert killable.run("archive", "send") == 0, killable.told()
        assert arrived() == 40
        assert arrived("figures") == 41
    assert killed
    assert killed[0] < 40
    told = there(floor)
    assert {name: told[name] for name in ("turns", "heard", "notes", "reviews")} == {
        "turns": 12,
        "heard": 3,
        "notes": 3,
        "reviews": 1,
    }


def test_a_call_that_the_server_refuses_is_told_once_and_does_not_stop_the_others(
    run: Run, floor: Floor, own: Archive, tmp_path: Path
) -> None:
    named(floor, tmp_path)
    with own.writing() as connection:
        gone = update(tables.calls).where(tables.calls.c.id == "c1")
        connection.execute(gone.values(words_gone_at=desk.now()))
    done = run("archive", "send")
    assert done.code == 1
    assert done.out.startswith("2 calls and 1 words")
    assert len(done.err.splitlines()) == 1
    assert "Call c1 (c1): " in done.err
    assert [step for step in sent(own, floor) if isinstance(step, Refused)] == []
    assert "Refused   1 by the server, the last: " in run("archive", "status").out
    assert [type(step) for step in sent(own, floor, again=True)] == [Refused]


def test_what_others_say_comes_back_and_each_moment_stands_as_on_the_server(
    floor: Floor, own: Archive
) -> None:
    sent(own, floor)
    with floor.opened("sue") as server:
        sue = ArchiveDesk(server, None, desk.now)
        open_ = [moment.id for moment in sue.page(Filters()).moments if moment.call == "c1"]
        sue.add(open_[0], "overrule", "The rule cries wolf.")
        sue.add(open_[0], "share")
    mine = ArchiveDesk(own, ANNA, desk.now)
    disputed = mine.add(open_[0], "dispute", "It was said to be fair.")
    assert disputed.moment.standing == "open"
    steps = sent(own, floor)
    assert Answered(2) in steps
    assert sum(isinstance(step, Delivered) for step in steps) == 1
    assert {(review.kind, review.by) for review in mine.answers()} == {
        ("overrule", "sue"),
        ("share", "sue"),
    }
    moment = mine.open(open_[0]).moment
    assert (moment.standing, moment.disputed, moment.shared) == ("open", True, True)
    assert sent(own, floor) == []


def test_an_agent_sends_no_word_that_is_not_theirs_to_say(floor: Floor, own: Archive) -> None:
    owner = ArchiveDesk(own, Person("anna", "anna", "owner"), desk.now)
    moment = owner.page(Filters(agent="anna")).moments[0].id
    owner.add(moment, "agree")
    owner.add(moment, "comment", "I had just begun.")
    sent(own, floor)
    with floor.opened() as server:
        kinds = rows(server, tables.reviews.c.kind)
    assert kinds == ["comment", "dispute"]


def test_what_the_server_removed_for_good_goes_from_the_desk_and_is_not_sent_again(
    floor: Floor, own: Archive
) -> None:
    sent(own, floor)
    with floor.opened() as server, server.writing() as connection:
        connection.execute(tables.calls.delete().where(tables.calls.c.id == "c1"))
        gone = {"call": tombstone("c1"), "at": desk.now()}
        connection.execute(tables.gone.insert(), gone)
    assert sent(own, floor) == [Gone(1)]
    assert rows(own, tables.calls.c.id) == ["bens", "c2", "c3"]
    assert there(floor)["calls"] == 2


def test_a_note_that_was_corrected_is_corrected_there_and_nothing_else_of_the_call(
    floor: Floor, own: Archive
) -> None:
    sent(own, floor)
    kept = (Promise(Decimal("40.00"), "GBP", date(2026, 4, 1)),)
    now = Note("promise_to_pay", promises=kept, hardship=("illness",))
    assert correct_call(own, "c1", now, "They are ill, and pay forty.")
    assert sent(own, floor) == [Delivered("call", "c1")]
    with floor.opened() as server, server.writing() as connection:
        text = select(tables.notes.c.text).where(tables.notes.c.call == "c1")
        assert connection.execute(text).scalar_one() == "They are ill, and pay forty."
        found = connection.execute(select(tables.promises).where(tables.promises.c.call == "c1"))
        assert [(row.amount, row.due, row.team) for row in found] == [
            (Decimal("40.00"), date(2026, 4, 1), "north")
        ]
        kept_now = tables.promises.update().where(tables.promises.c.call == "c1")
        connection.execute(kept_now.values(kept=True))
    again = Note("promise_to_pay", promises=kept, hardship=("job_loss",))
    assert correct_call(own, "c1", again, "They lost their work.")
    assert sent(own, floor) == [Delivered("call", "c1")]
    assert sent(own, floor) == []
    with floor.opened() as server:
        assert rows(server, tables.promises.c.kept) == [True]
        assert rows(server, tables.reasons.c.code)[:1] == ["job_loss"]


@pytest.mark.parametrize(("person", "call"), [("ben", "c1"), ("sue", "c1"), ("anna", "bens")])
def test_nobody_corrects_anothers_note(floor: Floor, own: Archive, person: str, call: str) -> None:
    sent(own, floor)
    now = Corrected({"fields": "{}", "text": "Nothing was said."}, (), (), "0")
    with floor.opened(person) as server, pytest.raises(ArchiveError, match="may not do that"):  # noqa: SIM117
        with server.writing() as connection:
            correct_own(connection, call, now)


def test_without_a_server_it_says_how_to_name_one(run: Run) -> None:
    done = run("archive", "send")
    assert done.code == 1
    assert "no server is named; in " in done.err


def test_the_clerk_tells_what_waits_backs_off_and_sends_once_the_server_is_back(
    floor: Floor, own: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clerks, "START_AFTER", 0.0)
    monkeypatch.setattr(clerks, "AGAIN_AFTER", 0.2)
    named(floor, tmp_path)
    floor.server.stop()
    with Clerk(Coach(packs.load(), rules_only=True)) as clerk:
        until(lambda: bool(clerk.told))
        assert clerk.told.startswith("3 calls wait to be sent, since ")
        floor.server.start()
        until(lambda: not clerk.told and not sending.waiting(own, ANNA).calls)
    assert there(floor)["calls"] == 3


def test_the_clerk_waits_twice_as_long_each_time_but_not_longer_than_ten_minutes() -> None:
    clerk = Clerk(Coach(packs.load(), rules_only=True))
    waits = [clerk._later() for _ in range(10)]
    assert waits[:4] == [5, 10, 20, 40]
    assert waits[-1] == 600


def until(holds: Any) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_an_archive_is_brought_up_to_date_by_its_owner_who_is_told_what_was_done(
    run: Run, postgres: Postgres
) -> None:
    with postgres.passwords(), postgres.database("template0") as database:
        url = postgres.url(database)
        assert "not up to date (empty); its owner runs agentassist archive migrate" in (
            run("archive", "status", "--db", url).err
        )
        assert f"{url}: took 0001, 0002, " in run("archive", "migrate", "--db", url).out
        assert f"{url}: up to date, step " in run("archive", "migrate", "--db", url).out
        assert "Calls     0" in run("archive", "status", "--db", url).out
