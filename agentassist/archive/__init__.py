"""The archive of calls: what supervisors review, in SQLite or PostgreSQL.

SQLAlchemy is imported here and nowhere else, and late: nobody waits for it on a call.
"""

FILE = "archive.sqlite"
"""A desk's own archive, in the user's data folder."""
