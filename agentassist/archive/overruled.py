"""The words for which rules were overruled: what a rule-writer looks at first."""

from collections import Counter
from collections.abc import Callable

from sqlalchemy import func, select

from agentassist.archive.opening import Archive
from agentassist.archive.queue import own
from agentassist.archive.tables import moments
from agentassist.reviewing import Person

_MOST = 5000
"""Different quotes that are looked at, the most frequent first."""


def phrases(
    archive: Archive, who: Person, words: Callable[[str, str], str]
) -> dict[str, Counter[str]]:
    """By rule, how often which words were overruled, in moments that this person may see.

    `words` tells of a rule and a quote what in it is to be counted. Raises ArchiveError.
    """
    count = func.count()
    quotes = (
        select(moments.c.rule, moments.c.quote, count)
        .where(moments.c.standing == "overruled", moments.c.quote != "", *own(who))
        .group_by(moments.c.rule, moments.c.quote)
        .order_by(count.desc(), moments.c.rule, moments.c.quote)
        .limit(_MOST)
    )
    found: dict[str, Counter[str]] = {}
    with archive.reading() as connection:
        for rule, quote, times in connection.execute(quotes):
            found.setdefault(rule, Counter())[words(rule, quote)] += times
    return found
