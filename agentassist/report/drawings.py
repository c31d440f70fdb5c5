"""Pictures for a page, by matplotlib: SVG that takes the page's colours, and is read aloud.

Nothing in it is looked up elsewhere: no font, no style, no link. matplotlib is imported here and
nowhere else; it comes with `pip install 'agentassist[report]'`.
"""

import io
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from agentassist.errors import MendableError
from agentassist.report.pictures import Picture
from agentassist.report.plots import short, ticks, top

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SVG = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"

_COLOURS = {
    "#010203": "var(--ink)",
    "#040506": "var(--line)",
    "#070809": "var(--data)",
    "#0a0b0c": "var(--paper)",
}
"""What is drawn in a colour that stands for one of the page's, which has a dark and a light."""

_INK, _LINE, _DATA, _PAPER = _COLOURS

_SETTINGS: Any = {
    # Names may hold a dollar sign, which is not mathematics.
    "text.parse_math": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "agentassist",
    "font.size": 11,
    "text.color": _INK,
    "axes.edgecolor": _LINE,
    "axes.labelcolor": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "grid.color": _LINE,
    "axes.unicode_minus": False,
}
_INCHES = (7.2, 2.9)
"""Of 72 units each."""

_MARGINS = {"left": 0.1, "right": 0.98, "top": 0.95, "bottom": 0.14}
_BESIDE_LABELS = 0.32
"""Of the width, for the names of bars."""


def drawing(picture: Picture) -> str:
    """An `svg` element with a title and a description, its ids begin with the picture's.

    Raises MendableError where matplotlib is missing.
    """
    if picture.kind == "none":
        return ""
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError:
        mend = "pip install 'agentassist[report]'"
        raise MendableError(f"a page of pictures needs matplotlib: {mend}") from None
    with mpl.rc_context(_SETTINGS):
        height = _INCHES[1] if picture.kind == "course" else 0.6 + 0.28 * len(picture.marks)
        figure = Figure(figsize=(_INCHES[0], height))
        axes = figure.subplots()
        if picture.kind == "course":
            figure.subplots_adjust(**_MARGINS)
            _over_time(axes, picture)
        else:
            low = 0.36 / height
            figure.subplots_adjust(**{**_MARGINS, "left": _BESIDE_LABELS, "bottom": low})
            _bars(axes, picture)
        written = io.BytesIO()
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None})
    return _told(written.getvalue(), picture)


def _over_time(axes: "Axes", picture: Picture) -> None:
    """Intervals as lines, what tells something as a full mark, what is too small as a ring."""
    highest = top(picture.marks, is_share=picture.is_share)
    for place, mark in enumerate(picture.marks):
        found = mark.found
        if found.low is not None and found.high is not None:
            ends = [found.low, min(found.high, 2 * highest)]
            axes.plot([place, place], ends, color=_DATA, linewidth=1.4, alpha=0.55)
        if found.value is not None:
            face = _PAPER if found.is_small else _DATA
            (point,) = axes.plot([place], [found.value], "o", color=_DATA, markerfacecolor=face)
            point.set(markersize=6, clip_on=False, zorder=3)
    axes.set_xlim(-0.7, len(picture.marks) - 0.3)
    axes.set_ylim(0, highest)
    named = ticks(len(picture.marks))
    axes.set_xticks(named, [short(picture.marks[place].label) for place in named])
    axes.grid(axis="y", linewidth=0.8)
    axes.set_axisbelow(True)
    if picture.is_share:
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")


def _bars(axes: "Axes", picture: Picture) -> None:
    marks = picture.marks[::-1]
    shares = [mark.found.value or 0.0 for mark in marks]
    axes.barh(range(len(marks)), shares, color=_DATA, height=0.55)
    for place, (mark, share) in enumerate(zip(marks, shares, strict=True)):
        told = f"{share:.0%}"
        said = f"{told}, {mark.found.part:,.0f} calls"
        axes.annotate(said, (share, place), (5, 0), textcoords="offset points", va="center")
    axes.set_yticks(range(len(marks)), [mark.label for mark in marks])
    axes.set_xlim(0, 1.35 * max(shares))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.tick_params(length=0)


def _told(svg: bytes, picture: Picture) -> str:
    """As a part of a page: named, without what only a file of its own needs."""
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _LINK[1:-5])
    root = ET.fromstring(svg)  # noqa: S314 - matplotlib wrote it a moment ago
    for child in list(root):
        # What it is, and a style that would be the whole page's.
        if child.tag == f"{{{_SVG}}}metadata" or child.find(f"{{{_SVG}}}style") is not None:
            root.remove(child)
    for each in root.iter():
        _own(each, picture.id)
    name, description = f"{picture.id}-title", f"{picture.id}-description"
    for attribute in ("width", "height"):
        root.attrib.pop(attribute, None)
    root.attrib |= {"role": "img", "aria-labelledby": f"{name} {description}"}
    for place, (tag, identity, text) in enumerate(
        (("title", name, picture.title), ("desc", description, picture.sentence))
    ):
        told = ET.Element(f"{{{_SVG}}}{tag}", {"id": identity})
        told.text = text
        root.insert(place, told)
    written = ET.tostring(root, encoding="unicode")
    for colour, of_page in _COLOURS.items():
        written = written.replace(colour, of_page)
    return written


def _own(each: ET.Element, prefix: str) -> None:
    """Ids that no other picture of the page has, and the page's own font."""
    if identity := each.get("id"):
        each.set("id", f"{prefix}-{identity}")
    if (link := each.get(_LINK)) and link.startswith("#"):
        del each.attrib[_LINK]
        each.set("href", f"#{prefix}-{link[1:]}")
    if clip := each.get("clip-path"):
        each.set("clip-path", clip.replace("url(#", f"url(#{prefix}-"))
    if style := each.get("style"):
        kept = (part for part in style.split("; ") if not part.startswith("font-family"))
        each.set("style", "; ".join(kept))
