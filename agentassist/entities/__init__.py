"""Money, dates, times and terms of a plan in spoken words. Pure functions of a text.

Each tells what it found with the characters `text[start : end]` that said it.
"""

from agentassist.entities.clock import Clock, times
from agentassist.entities.days import Day, dates
from agentassist.entities.money import Money, money
from agentassist.entities.terms import Count, Rate, frequencies, instalments

__all__ = [
    "Clock",
    "Count",
    "Day",
    "Money",
    "Rate",
    "dates",
    "frequencies",
    "instalments",
    "money",
    "times",
]
