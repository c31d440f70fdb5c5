"""An agent takes back that a moment of theirs may be shared: it is in no later export."""

from alembic import op

revision = "0006"
down_revision = "0005"

_SQLITE = """
DROP TRIGGER reviews_tell

CREATE TRIGGER reviews_tell AFTER INSERT ON reviews BEGIN
    UPDATE moments SET
        standing = CASE new.kind WHEN 'agree' THEN 'agreed' WHEN 'overrule' THEN 'overruled'
            WHEN 'dispute' THEN 'open' ELSE standing END,
        disputed = CASE WHEN new.kind = 'dispute' THEN 1
            WHEN new.kind IN ('agree', 'overrule', 'answer') THEN 0 ELSE disputed END,
        praised = praised OR new.kind = 'praise',
        shared = shared OR new.kind = 'share',
        consented = CASE new.kind WHEN 'consent' THEN 1 WHEN 'withdraw' THEN 0
            ELSE consented END
    WHERE id = new.moment;
END
"""

_POSTGRESQL = """
CREATE OR REPLACE FUNCTION review_tells() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE moments SET
        standing = CASE new.kind WHEN 'agree' THEN 'agreed' WHEN 'overrule' THEN 'overruled'
            WHEN 'dispute' THEN 'open' ELSE standing END,
        disputed = CASE WHEN new.kind = 'dispute' THEN true
            WHEN new.kind IN ('agree', 'overrule', 'answer') THEN false ELSE disputed END,
        praised = praised OR new.kind = 'praise',
        shared = shared OR new.kind = 'share',
        consented = CASE new.kind WHEN 'consent' THEN true WHEN 'withdraw' THEN false
            ELSE consented END
    WHERE id = new.moment;
    RETURN NULL;
END $$;
DROP POLICY answered_back ON reviews;
CREATE POLICY answered_back ON reviews FOR INSERT TO agentassist_agent
    WITH CHECK (by = session_user::text AND kind IN ('dispute', 'comment', 'consent', 'withdraw')
        AND EXISTS (SELECT FROM moments AS m WHERE m.id = reviews.moment
            AND m.call = reviews.call AND m.agent = session_user::text
            AND (reviews.kind NOT IN ('consent', 'withdraw') OR m.shared)))
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in _SQLITE.split("\n\n"):
            op.execute(statement)
    else:
        op.get_bind().exec_driver_sql(_POSTGRESQL)
