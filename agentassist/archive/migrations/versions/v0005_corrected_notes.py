"""An agent corrects the note of a call that they filed, on a server; nothing else of it."""

from alembic import op

revision = "0005"
down_revision = "0004"

_POSTGRESQL = """
CREATE FUNCTION correct_note(
    which text, fields text, words text, promised jsonb, told jsonb, digest text)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    whose record;
    before jsonb;
BEGIN
    SELECT * INTO whose FROM calls AS c
        WHERE c.id = which AND c.agent = session_user::text AND c.words_gone_at IS NULL;
    IF NOT FOUND OR my_role() IS DISTINCT FROM 'agent' THEN
        RAISE EXCEPTION 'not theirs to correct' USING ERRCODE = '42501';
    END IF;
    UPDATE notes SET fields = correct_note.fields, text = correct_note.words
        WHERE notes.call = which;
    -- What became of a promise that stands stays known.
    SELECT coalesce(jsonb_agg(to_jsonb(p)), '[]') INTO before
        FROM promises AS p WHERE p.call = which;
    DELETE FROM promises AS p WHERE p.call = which;
    INSERT INTO promises (call, number, agent, team, day, amount, currency, due, kept)
        SELECT which, n.number, whose.agent, whose.team, whose.day, n.amount, n.currency, n.due, (
            SELECT b.kept
            FROM jsonb_to_recordset(before)
                AS b(amount numeric, currency text, due date, kept boolean)
            WHERE b.amount IS NOT DISTINCT FROM n.amount
                AND b.currency IS NOT DISTINCT FROM n.currency
                AND b.due IS NOT DISTINCT FROM n.due
            LIMIT 1)
        FROM jsonb_to_recordset(promised)
            AS n(number integer, amount numeric, currency text, due date);
    DELETE FROM reasons AS r WHERE r.call = which;
    INSERT INTO reasons (call, kind, code, agent, team, day)
        SELECT which, n.kind, n.code, whose.agent, whose.team, whose.day
        FROM jsonb_to_recordset(told) AS n(kind text, code text);
    UPDATE calls SET digest = correct_note.digest WHERE calls.id = which;
END $$;
REVOKE EXECUTE ON FUNCTION correct_note(text, text, text, jsonb, jsonb, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION correct_note(text, text, text, jsonb, jsonb, text) TO agentassist_agent
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.get_bind().exec_driver_sql(_POSTGRESQL)
