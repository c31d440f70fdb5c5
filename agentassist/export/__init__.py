"""Calls and notes out of the program, one file a format; see `formats` for all of them."""
