"""Who may see what, on a server: by the database itself. A file is its user's alone."""

from pathlib import Path

from alembic import op

from agentassist.errors import MendableError

revision = "0003"
down_revision = "0002"

_MAY_MAKE_GROUPS = """
SELECT r.rolcreaterole OR r.rolsuper
    OR (SELECT count(*) = 3 FROM pg_roles AS g WHERE g.rolname IN
        ('agentassist_agent', 'agentassist_supervisor', 'agentassist_compliance'))
FROM pg_roles AS r WHERE r.rolname = current_user
"""
_IS_OPEN = "SELECT has_schema_privilege('agentassist_agent', 'public', 'CREATE')"


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        # Of turns that were filed before the step in which words could be searched.
        op.execute("INSERT INTO turn_words(turn_words) VALUES ('rebuild')")
        return
    if not connection.exec_driver_sql(_MAY_MAKE_GROUPS).scalar_one():
        raise _ask_for("ALTER ROLE <this owner> CREATEROLE", "the owner may not make roles")
    connection.exec_driver_sql(Path(__file__).with_suffix(".sql").read_text("utf-8"))
    if connection.exec_driver_sql(_IS_OPEN).scalar_one():
        # As it was before PostgreSQL 15: one's own function could get in the way of another.
        mend = "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
        raise _ask_for(mend, "everybody may create things in the schema public")


def _ask_for(statement: str, trouble: str) -> MendableError:
    return MendableError(f"{trouble}; the server's administrator runs {statement}, then try again")
