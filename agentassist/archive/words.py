"""Full-text search over what was said, on both databases: what was filed last comes first.

English stems: "paying" finds "pay". Words in quotation marks are looked for in that order.
"""

import re

from sqlalchemy import Connection, Integer, Select, Text, TextualSelect, literal, select, text

from agentassist.archive.tables import calls
from agentassist.reviewing import Found

_TERM = re.compile(r'"([^"]*)"|([^\s"]+)')

MOST = 500
"""Turns that a filter by words looks through: the newest ones."""

_IN_FILE = """
SELECT turns.call, turns.turn, turns.text
FROM turn_words JOIN turns ON turns.id = turn_words.rowid
WHERE turn_words MATCH :words ORDER BY turn_words.rowid DESC LIMIT :most
"""
_ON_SERVER = "SELECT call, turn, text FROM search_words(:words, :most)"
"""A function of the database: it searches what this person may see, and writes down the looks."""


def find(connection: Connection, words: str, most: int) -> tuple[Found, ...]:
    """The turns that hold all these words, the newest first."""
    if not _terms(words):
        return ()
    places = connection.execute(_found(connection, words, most)).all()
    named = select(calls.c.id, calls.c.title, calls.c.agent, calls.c.day)
    of_calls = named.where(calls.c.id.in_({place.call for place in places}))
    told = {row.id: row for row in connection.execute(of_calls)}
    return tuple(
        Found(place.call, place.turn, place.text, *told[place.call][1:]) for place in places
    )


def calls_with(connection: Connection, words: str) -> Select[tuple[str]]:
    """The ids of calls in which all these words were said in one turn."""
    found = _found(connection, words, MOST).subquery()
    return select(found.c.call).where(literal(bool(_terms(words))))


def _found(connection: Connection, words: str, most: int) -> TextualSelect:
    if connection.dialect.name == "sqlite":
        query, wanted = _IN_FILE, " ".join(f'"{term}"' for term in _terms(words))
    else:
        query, wanted = _ON_SERVER, words
    typed = {"call": Text, "turn": Integer, "text": Text}
    return text(query).bindparams(words=wanted, most=most).columns(**typed)


def _terms(words: str) -> list[str]:
    """Each term as it was typed, without what is no word."""
    found = (" ".join(re.findall(r"\w+", a or b)) for a, b in _TERM.findall(words))
    return [term for term in found if term]
