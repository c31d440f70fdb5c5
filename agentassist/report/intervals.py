"""Rates and shares of what was counted, with the intervals that the truth lies in.

They count every flag, hardship or promise as if it came by itself; those of one call are alike,
so that the truth may lie somewhat further off than they say.
"""

import math
from statistics import NormalDist
from typing import TypeAlias

import msgspec

Interval: TypeAlias = tuple[float, float]

CONFIDENCE = 0.95
"""Of every interval here."""

_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


class Estimate(msgspec.Struct, frozen=True):
    """`part` of `whole`, and between what the truth lies, by `CONFIDENCE`."""

    part: float
    whole: float
    value: float | None = None
    """None where there is nothing to measure."""
    low: float | None = None
    high: float | None = None
    """Infinite where a ratio has no bound."""
    is_small: bool = True
    """Too small to tell."""


def share(part: int, whole: int, least: int) -> Estimate:
    """With Wilson's interval."""
    if not whole:
        return Estimate(part, whole)
    return Estimate(part, whole, part / whole, *wilson(part, whole), whole < least)


def rate(count: int, hours: float, least: float) -> Estimate:
    """So many an hour, with the interval of a Poisson count."""
    if hours <= 0:
        return Estimate(count, hours)
    low, high = (bound / hours for bound in poisson(count))
    return Estimate(count, hours, count / hours, low, high, hours < least)


def ratio(part: int, whole: int, least: int) -> Estimate:
    """Of two counts that are not part of each other: given their sum, one is a share of it.

    Przyborowski and Wilenski 1940, Biometrika 31, for the means of two Poisson counts.
    """
    if not whole:
        return Estimate(part, whole)
    low, high = (_odds(bound) for bound in wilson(part, part + whole))
    return Estimate(part, whole, part / whole, low, high, whole < least)


def wilson(part: int, whole: int) -> Interval:
    """The interval of a share: Wilson 1927, J. American Statistical Association 22, 209-212."""
    z, value = _Z, part / whole
    middle = value + z * z / (2 * whole)
    half = z * math.sqrt(value * (1 - value) / whole + (z / (2 * whole)) ** 2)
    scale = 1 + z * z / whole
    # At the ends the formula gives 0 and 1 but for rounding.
    low = 0.0 if part == 0 else (middle - half) / scale
    high = 1.0 if part == whole else (middle + half) / scale
    return low, high


def poisson(count: int) -> Interval:
    """The interval of a count: Byar's approximation of the exact one, off by 0.03 or 1% at most.

    Breslow and Day 1987, Statistical Methods in Cancer Research II, IARC, page 69.
    """
    z, above = _Z, count + 1
    high = above * (1 - 1 / (9 * above) + z / (3 * math.sqrt(above))) ** 3
    if not count:
        return 0.0, high
    return count * max(0.0, 1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3, high


def ratio_of_sums(
    part: float, whole: float, of: int, squares: tuple[float, float, float], least: int
) -> Estimate:
    """A ratio of two sums over `of` calls that differ, none above its whole.

    `squares` are the sums over the calls of part squared, part by whole, and whole squared.
    Cochran 1977, Sampling Techniques, section 6.4.
    """
    if whole <= 0:
        return Estimate(part, whole)
    value = part / whole
    if of < 2:
        return Estimate(part, whole, value)
    left = max(0.0, squares[0] - 2 * value * squares[1] + value**2 * squares[2])
    half = _Z * math.sqrt(left * of / (of - 1)) / whole
    return Estimate(part, whole, value, max(0.0, value - half), min(1.0, value + half), of < least)


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else math.inf
