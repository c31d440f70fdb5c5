"""Words that can be searched, and the standing of a moment that follows from its reviews."""

from alembic import op

revision = "0002"
down_revision = "0001"

_SQLITE = """
CREATE VIRTUAL TABLE turn_words USING fts5(
    text, content='turns', content_rowid='id', tokenize='porter unicode61'
)

CREATE TRIGGER turn_words_added AFTER INSERT ON turns BEGIN
    INSERT INTO turn_words(rowid, text) VALUES (new.id, new.text);
END

CREATE TRIGGER turn_words_removed AFTER DELETE ON turns BEGIN
    INSERT INTO turn_words(turn_words, rowid, text) VALUES ('delete', old.id, old.text);
END

CREATE TRIGGER turn_words_changed AFTER UPDATE OF text ON turns BEGIN
    INSERT INTO turn_words(turn_words, rowid, text) VALUES ('delete', old.id, old.text);
    INSERT INTO turn_words(rowid, text) VALUES (new.id, new.text);
END

CREATE TRIGGER reviews_tell AFTER INSERT ON reviews BEGIN
    UPDATE moments SET
        standing = CASE new.kind WHEN 'agree' THEN 'agreed' WHEN 'overrule' THEN 'overruled'
            WHEN 'dispute' THEN 'open' ELSE standing END,
        disputed = CASE WHEN new.kind = 'dispute' THEN 1
            WHEN new.kind IN ('agree', 'overrule', 'answer') THEN 0 ELSE disputed END,
        praised = praised OR new.kind = 'praise',
        shared = shared OR new.kind = 'share',
        consented = consented OR new.kind = 'consent'
    WHERE id = new.moment;
END

CREATE TRIGGER reviews_stay BEFORE UPDATE ON reviews BEGIN
    SELECT RAISE(ABORT, 'a review is never changed');
END

CREATE TRIGGER looks_stay BEFORE UPDATE ON looks BEGIN
    SELECT RAISE(ABORT, 'a look is never changed');
END
"""

_POSTGRESQL = """
CREATE INDEX ix_turns_words ON turns USING gin (to_tsvector('english', text));
CREATE FUNCTION review_tells() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE moments SET
        standing = CASE new.kind WHEN 'agree' THEN 'agreed' WHEN 'overrule' THEN 'overruled'
            WHEN 'dispute' THEN 'open' ELSE standing END,
        disputed = CASE WHEN new.kind = 'dispute' THEN true
            WHEN new.kind IN ('agree', 'overrule', 'answer') THEN false ELSE disputed END,
        praised = praised OR new.kind = 'praise',
        shared = shared OR new.kind = 'share',
        consented = consented OR new.kind = 'consent'
    WHERE id = new.moment;
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_tell AFTER INSERT ON reviews
    FOR EACH ROW EXECUTE FUNCTION review_tells();
CREATE FUNCTION it_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'it is never changed' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER reviews_stay BEFORE UPDATE ON reviews
    FOR EACH ROW EXECUTE FUNCTION it_stays();
CREATE TRIGGER looks_stay BEFORE UPDATE ON looks
    FOR EACH ROW EXECUTE FUNCTION it_stays()
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in _SQLITE.split("\n\n"):
            op.execute(statement)
    else:
        op.get_bind().exec_driver_sql(_POSTGRESQL)
