"""A report as lines: sentences with plots, or with tables for screen readers and logs."""

import textwrap
from collections.abc import Iterator

from agentassist.report import plots
from agentassist.report.pictures import Picture, Table
from agentassist.report.whole import Report

NARROWEST, WIDEST = 40, 100


def lines(report: Report, width: int, *, plain: bool) -> Iterator[str]:
    """No line is wider than the width, save for rows of a table."""
    width = max(NARROWEST, min(WIDEST, width))
    yield from _told(report.title, width)
    yield from _told(report.about, width)
    for note in report.notes:
        yield from _told(note, width)
    if not plain and any(picture.kind == "course" for picture in report.pictures):
        yield plots.KEY
    for picture in report.pictures:
        yield ""
        yield from _shown(picture, width, plain=plain)
    if report.quotes:
        yield from ("", "Words of calls; that they were looked at is on record", "")
    for quote in report.quotes:
        yield from _told(f"{quote.words} ({quote.about})", width)
    yield ""
    yield from _told(report.foot, width)


def _shown(picture: Picture, width: int, *, plain: bool) -> Iterator[str]:
    yield from _told(picture.title.upper(), width)
    yield from _told(picture.sentence, width)
    if plain:
        yield from _told(picture.means, width)
    if plain or (picture.kind == "none" and picture.id.startswith("by-")):
        yield from _rows(picture.table)
    elif picture.kind != "none":
        yield from plots.plot(picture, width).splitlines()


def _told(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False)


def _rows(table: Table) -> Iterator[str]:
    """Columns next to each other: numbers to the right, the first and the note to the left."""
    if not table.rows:
        return
    rows = (table.head, *table.rows)
    widths = [max(len(row[place]) for row in rows) for place in range(len(table.head))]
    for row in rows:
        cells = (
            cell.rjust(wide) if name and place else cell.ljust(wide)
            for place, (name, cell, wide) in enumerate(zip(table.head, row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()
