"""The calendar, the transcript and the container, each read back by what reads that format."""

import datetime
import html
import json
import re
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import webvtt
from export_calls import CALLS, DAY, NASTY, NOW, PLANNED, TALK, call_of, note_saying
from msgspec.structs import replace
from vcon_rules import faults

from agentassist import events as ev
from agentassist.call import Call, LabelledTurn
from agentassist.cleaning import clean
from agentassist.errors import MendableError
from agentassist.export.ical import to_icalendar
from agentassist.export.vcon import to_vcon
from agentassist.export.webvtt import to_webvtt
from agentassist.values import Doubt, Label, Note, Turn, Utterance

every_call = pytest.mark.parametrize(("call", "note"), CALLS.values(), ids=CALLS)
LONDON = ZoneInfo("Europe/London")
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


# iCalendar


def entries(call: Call, note: Note, zone: ZoneInfo | None = None) -> list[Any]:
    calendar = icalendar.Calendar.from_ical(to_icalendar(call, note, now=NOW, zone=zone))
    assert not [error for entry in calendar.walk() for error in entry.errors]
    return [entry for entry in calendar.subcomponents if entry.name != "VTIMEZONE"]


@pytest.mark.parametrize("zone", [None, LONDON], ids=["floating", "London"])
@every_call
def test_a_calendar_holds_what_is_due_and_nothing_else(
    call: Call, note: Note, zone: ZoneInfo | None
) -> None:
    if not (note.promises or note.callback_at or note.follow_ups):
        with pytest.raises(MendableError, match="nothing is due"):
            to_icalendar(call, note, now=NOW)
        return
    events, todos = len(note.promises) + bool(note.callback_at), len(note.follow_ups)
    found = [entry.name for entry in entries(call, note, zone)]
    assert found == ["VEVENT"] * events + ["VTODO"] * todos
    lines = to_icalendar(call, note, now=NOW, zone=zone).split(b"\r\n")
    assert not [line for line in lines if len(line) > 75 or CONTROLS.search(line.decode())]


def test_a_payment_is_a_day_and_a_callback_a_time_of_the_calls_own_place() -> None:
    payment, callback, *_ = entries(*CALLS["doubted"])
    assert payment.start == DAY
    assert payment["SUMMARY"] == "Payment promised: £3.50 (to confirm) - Helen Carter"
    assert payment["DESCRIPTION"] == "To confirm: sum of the promise: £3.50 or £350.00"
    assert callback.start == datetime.datetime(2026, 3, 19, 14, 0)  # noqa: DTZ001
    _, in_london, *_ = entries(*CALLS["doubted"], LONDON)
    assert in_london.start == datetime.datetime(2026, 3, 19, 14, 0, tzinfo=LONDON)


def test_a_callback_without_a_time_is_a_day() -> None:
    (callback,) = entries(call_of(), Note("callback", callback_at="2026-03-19"))
    assert callback.start == datetime.date(2026, 3, 19)


def test_what_the_caller_is_to_do_is_not_in_a_summary() -> None:
    *_, own, theirs = entries(call_of(*TALK), note_saying("the divorce papers"))
    assert own["SUMMARY"] == "the divorce papers - Helen Carter"
    assert own["DUE"].dt == DAY
    assert theirs["SUMMARY"] == "Expected from the caller - Helen Carter"
    assert theirs["DESCRIPTION"] == "the divorce papers"


def test_every_entry_is_private_and_a_long_one_is_told_in_full_below() -> None:
    found = entries(*CALLS["nasty 8"])
    assert {entry["CLASS"] for entry in found} == {"PRIVATE"}
    own = found[-2]
    assert own["SUMMARY"].startswith("word word")
    assert "…" in own["SUMMARY"]
    assert own["DESCRIPTION"].strip() == NASTY[8].strip()


def test_actions_are_tasks_where_no_follow_ups_are_known() -> None:
    (task,) = entries(call_of(), Note("refused", actions=("send a letter",)))
    assert (task.name, task["SUMMARY"]) == ("VTODO", "send a letter - Helen Carter")


def test_an_entry_keeps_its_identifier_and_no_two_calls_share_one() -> None:
    def uids(call: Call, note: Note) -> set[str]:
        return {str(entry["UID"]) for entry in entries(call, note)}

    call, note = CALLS["doubted"]
    mended = replace(note, promises=(replace(note.promises[0], amount=None),), doubts=())
    assert uids(call, note) == uids(call, mended)
    assert len(uids(call, note)) == 4
    others = [uids(*sample) for name, sample in CALLS.items() if name.startswith("nasty")]
    assert len(set().union(*others)) == sum(map(len, others))


def test_a_doubt_about_nothing_that_is_due_stands_in_the_calendars_description() -> None:
    note = replace(PLANNED, doubts=(Doubt("/plan/frequency", ("weekly", "monthly")),))
    calendar = icalendar.Calendar.from_ical(to_icalendar(call_of(), note, now=NOW))
    assert calendar["DESCRIPTION"] == "To confirm: frequency of the plan: weekly or monthly"


# WebVTT

U = Utterance


@every_call
def test_a_transcript_holds_every_word_with_its_voice(call: Call, note: Note) -> None:
    captions = webvtt.from_string(to_webvtt(call, note), strict=True).captions
    assert [(caption.voice, html.unescape(caption.text)) for caption in captions] == [
        (turn.turn.speaker.capitalize(), " ".join(clean(turn.turn.text).split()))
        for turn in call.turns
    ]
    assert all(caption.end_time > caption.start_time for caption in captions)


def test_a_turn_is_shown_by_its_utterances_in_order_of_time() -> None:
    turns = (
        Turn(0, "agent", 1.0, 3605.25, "One two", (U(1.0, 2.0, 0, 3), U(3604.0, 3605.25, 4, 3))),
        Turn(1, "caller", 2.0, 2.0, "Mm."),
        Turn(2, "caller", 2.5, 3.0, "Torn apart", (U(2.5, 3.0, 0, 4),)),
    )
    written = to_webvtt(Call(turns=tuple(map(LabelledTurn, turns))))
    assert written == (
        "WEBVTT\n\n"
        "00:00:01.000 --> 00:00:02.000\n<v Agent>One</v>\n\n"
        "00:00:02.000 --> 00:00:02.001\n<v Caller>Mm.</v>\n\n"
        "00:00:02.500 --> 00:00:03.000\n<v Caller>Torn apart</v>\n\n"
        "01:00:04.000 --> 01:00:05.250\n<v Agent>two</v>\n"
    )


def test_what_is_to_be_confirmed_is_a_comment_of_the_transcript() -> None:
    assert "NOTE To confirm: sum of the promise: £3.50 or £350.00\n\n" in to_webvtt(
        *CALLS["doubted"]
    )
    assert "NOTE" not in to_webvtt(CALLS["doubted"][0])


# vCon


def container(call: Call, note: Note | None, **more: Any) -> dict[str, Any]:
    written = to_vcon(call, note, now=NOW, domain="desk.example", **more)
    made: dict[str, Any] = json.loads(written)
    return made


@pytest.mark.parametrize("noted", [True, False], ids=["noted", "without note"])
@every_call
def test_a_vcon_keeps_the_draft(call: Call, note: Note, noted: bool) -> None:
    made = container(call, note if noted else None, started_at=NOW)
    assert list(faults(made)) == []
    assert [dialog["body"] for dialog in made.get("dialog", ())] == [
        clean(turn.turn.text) for turn in call.turns
    ]
    assert len(made.get("attachments", ())) == (noted and bool(call.turns))


def test_the_check_of_the_draft_finds_faults() -> None:
    made = container(*CALLS["planned"])
    made["uuid"] = str(uuid.uuid4())
    made["dialog"][0] |= {"start": "today", "parties": 9, "mimetype": "text/plain"}
    del made["analysis"][0]["vendor"]
    assert len(list(faults(made))) == 5


def test_a_vcon_names_the_caller_only_when_made_sure() -> None:
    call, note = CALLS["planned"]
    agent, caller, software = container(call, note)["parties"]
    assert agent == {"type": "person", "role": "agent"}
    assert caller["name"] == "Helen Carter"
    assert caller["validation"] == "name, postcode"
    assert software["type"] == "bot"
    for unsure in (replace(note, right_party=None), replace(note, right_party=False), None):
        assert "name" not in container(call, unsure)["parties"][1]
    wrong = container(call, replace(note, right_party=False))["parties"][1]
    assert wrong["role"] == "thirdparty"


def test_a_vcon_counts_from_when_the_call_began() -> None:
    call, note = CALLS["planned"]
    assert container(call, note)["dialog"][0]["start"] == "2026-03-12T00:00:00.300+00:00"
    in_zone = datetime.datetime(2026, 3, 12, 14, 30, tzinfo=ZoneInfo("Asia/Kolkata"))
    told = container(call, note, started_at=in_zone)["dialog"][0]["start"]
    assert told == "2026-03-12T14:30:00.300+05:30"
    with pytest.raises(MendableError, match="--started-at"):
        container(*CALLS["undated"])


def test_a_vcon_holds_labels_note_and_summary_and_no_flags() -> None:
    call, note = CALLS["doubted"]
    labels = (Label("promise", 0.9, "rule:x", 5, 20), Label("threat", 0.9, "rule:y", 0, 4))
    call = replace(call, turns=(call.turns[0], replace(call.turns[1], labels=labels)))
    found, written, summary = container(call, note)["analysis"]
    assert found["schema"] == "labels-1"
    assert [(label["dialog"], label["name"]) for label in found["body"]] == [(1, "promise")]
    assert written["body"]["outcome"] == "promise_to_pay"
    assert written["body"]["promises"][0]["amount"] == 3.5
    assert "CONFIRM: sum of the promise: £3.50 or £350.00" in summary["body"]
    assert "threat" not in json.dumps(container(call, note))


def test_a_vcons_identifier_tells_its_time_and_machine_and_differs_between_calls() -> None:
    made = [uuid.UUID(container(*sample, started_at=NOW)["uuid"]) for sample in CALLS.values()]
    assert len(set(made)) >= len(made) - 1  # "planned" and "doubted" are one call
    assert {(one.version, one.variant) for one in made} == {(8, uuid.RFC_4122)}
    assert {one.int >> 80 for one in made} == {int(NOW.timestamp() * 1000)}
    assert len({one.int & (1 << 62) - 1 for one in made}) == 1


def test_a_call_that_knows_its_time_needs_no_other() -> None:
    started = ev.CallStarted(0.0, "test", "none", started_at=NOW)
    made = container(call_of(*TALK, started=started), None)
    assert re.match("2026-03-12T15:00:00.550", made["dialog"][0]["start"])
