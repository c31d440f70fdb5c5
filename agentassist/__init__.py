"""A private call coach in the terminal for debt-recovery calls."""

__version__ = "0.1.0"
