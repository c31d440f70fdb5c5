"""Arrangements reckoned exactly: schedules, limits, what is affordable, and words to say them.

Pure: sums are `Decimal`, days are dates, and nothing here reads a clock or a file of the user's.
"""
