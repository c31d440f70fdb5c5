"""What must not be removed yet, what was removed, and a proof of it that stays as it is."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

INSTANT = sa.DateTime(timezone=True)

_SQLITE = """
CREATE TRIGGER removals_stay BEFORE UPDATE ON removals BEGIN
    SELECT RAISE(ABORT, 'a removal is never changed');
END

CREATE TRIGGER removals_last BEFORE DELETE ON removals BEGIN
    SELECT RAISE(ABORT, 'a removal is never taken out');
END
"""

_POSTGRESQL = """
CREATE TRIGGER removals_stay BEFORE UPDATE OR DELETE ON removals
    FOR EACH ROW EXECUTE FUNCTION it_stays();
CREATE TRIGGER removals_last BEFORE TRUNCATE ON removals
    FOR EACH STATEMENT EXECUTE FUNCTION it_stays();
GRANT SELECT ON gone TO agentassist_agent, agentassist_supervisor, agentassist_compliance;
CREATE POLICY everybody ON gone FOR SELECT
    TO agentassist_agent, agentassist_supervisor, agentassist_compliance
    USING ((SELECT my_role()) IS NOT NULL);
GRANT SELECT ON holds TO agentassist_compliance;
CREATE POLICY everything ON holds FOR SELECT TO agentassist_compliance
    USING ((SELECT my_role()) = 'compliance');
CREATE POLICY not_removed ON calls AS RESTRICTIVE FOR INSERT TO agentassist_agent WITH CHECK (
    NOT EXISTS (SELECT FROM gone AS g
        WHERE g.call = encode(sha256(convert_to(calls.id, 'UTF8')), 'hex')));
ALTER TABLE gone ENABLE ROW LEVEL SECURITY;
ALTER TABLE holds ENABLE ROW LEVEL SECURITY
"""
"""Only the owner removes, holds and puts down; what is gone does not come back, whoever sends it."""


def upgrade() -> None:
    op.add_column("removals", sa.Column("subject", sa.Text(), nullable=True))
    op.create_table(
        "holds",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("which", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.Column("lifted_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index(op.f("ix_holds_what_which"), "holds", ["what", "which"], unique=False)
    op.create_table(
        "gone",
        sa.Column("call", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("call", name=op.f("pk_gone")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for statement in _SQLITE.split("\n\n"):
            op.execute(statement)
    else:
        op.get_bind().exec_driver_sql(_POSTGRESQL)
