"""The desk in a browser: a server for one person, behind a link, and the desks behind its tabs."""
