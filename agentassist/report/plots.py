"""Pictures in the terminal, by plotext: characters alone, no colour.

A number is ●, or ○ where it is too small to tell, and │ is what its interval reaches over.
"""

import math

from agentassist.cleaning import clean
from agentassist.report import words
from agentassist.report.pictures import Mark, Picture

KEY = f"● a number   ○ {words.SMALL}   │ its {words.INTERVAL}"

_HEIGHT = 13
"""Lines of a picture over time."""

_TICKS = 6
_STEPS = 4
_LABEL = 30
_NEARLY_ALL = 0.8
_ROOM = 1.25
"""Of the highest number that tells something, to the top: what goes on further is cut."""


def plot(picture: Picture, width: int) -> str:
    """Lines no wider than `width` characters; none where there is nothing to draw."""
    if picture.kind == "none":
        return ""
    return _over_time(picture, width) if picture.kind == "course" else _bars(picture, width)


def top(marks: tuple[Mark, ...], *, is_share: bool) -> float:
    """The upper end of the scale. What is too small to tell does not stretch it."""
    large = [m.found.high for m in marks if m.found.high is not None and not m.found.is_small]
    values = [m.found.value for m in marks if m.found.value is not None]
    highest = max([*large, *(_ROOM * value for value in values)], default=0.0)
    return 1.0 if is_share and highest > _NEARLY_ALL else round_up(highest)


def round_up(highest: float) -> float:
    """The next number that is four round steps: 4, 8, 10, 20 or 40 times a power of ten."""
    if highest <= 0:
        return 1.0
    power: float = 10.0 ** math.floor(math.log10(highest))
    return next(n * power for n in (1, 2, 4, 8, 10) if n * power >= highest * (1 - 1e-9))


def ticks(count: int) -> list[int]:
    """Places of the periods that are named under a picture: a few, at even distances."""
    step = max(1, -(-count // _TICKS))
    return list(range(0, count, step))


def _over_time(picture: Picture, width: int) -> str:
    import plotext

    highest = top(picture.marks, is_share=picture.is_share)
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.limit_size(width=False, height=False)
    plotext.plot_size(width, _HEIGHT)
    plotext.ylim(0, highest)
    plotext.xlim(-0.5, len(picture.marks) - 0.5)
    for place, mark in enumerate(picture.marks):
        low, high = mark.found.low, mark.found.high
        if low is not None and high is not None:
            plotext.plot([place, place], [low, min(high, highest)], marker="│")
    for sign, is_small in (("●", False), ("○", True)):
        drawn = [
            (place, mark.found.value)
            for place, mark in enumerate(picture.marks)
            if mark.found.value is not None and mark.found.is_small == is_small
        ]
        if drawn:
            places, values = zip(*drawn, strict=True)
            plotext.scatter(places, [min(value, highest) for value in values], marker=sign)
    named = ticks(len(picture.marks))
    plotext.xticks(named, [short(picture.marks[place].label) for place in named])
    scale = [highest * step / _STEPS for step in range(_STEPS + 1)]
    plotext.yticks(scale, [_number(value, is_share=picture.is_share) for value in scale])
    return _built()


def _bars(picture: Picture, width: int) -> str:
    import plotext

    marks = picture.marks[::-1]
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.limit_size(width=False, height=False)
    plotext.plot_size(width, len(marks) + 3)
    labels = [clean(mark.label)[:_LABEL] for mark in marks]
    shares = [100 * (mark.found.value or 0.0) for mark in marks]
    plotext.bar(labels, shares, orientation="h", width=0.01)
    highest = 100 * min(1.0, round_up(max(shares) / 100))
    scale = [highest * step / _STEPS for step in range(_STEPS + 1)]
    plotext.xlim(0, highest)
    plotext.xticks(scale, [_number(value / 100, is_share=True) for value in scale])
    return _built()


def _built() -> str:
    import plotext

    text = plotext.uncolorize(plotext.build())
    plotext.clear_figure()
    return "\n".join(line.rstrip() for line in text.splitlines())


def short(label: str) -> str:
    """Without the year, which the heading tells."""
    return label.rpartition(" ")[0] if label.count(" ") > 1 else label


def _number(value: float, *, is_share: bool) -> str:
    return f"{100 * value:.3g}%" if is_share else f"{value:.3g}"
