"""Figures as pictures: in the terminal, and as one page to send."""
