-- Who may see what in an archive, whatever program asks.
--
-- People are members of a group, which gives them commands on tables, and have a row in `people`,
-- which says what they are in this archive: groups are the whole server's, with all its databases.
-- Policies then hold them to their own calls, to those of their teams, or to reading.
--
-- What of a policy is the same for all rows of a statement stands in a sub-select of its own,
-- which is asked once.
--
-- The owner is held to none of this: it migrates, backs up, keeps and removes. So row security is
-- not FORCEd; functions that are SECURITY DEFINER work as the owner.

DO $$
DECLARE
    named text;
BEGIN
    FOREACH named IN ARRAY
        ARRAY['agentassist_agent', 'agentassist_supervisor', 'agentassist_compliance']
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = named) THEN
            EXECUTE 'CREATE ROLE ' || quote_ident(named) || ' NOLOGIN';
        END IF;
    END LOOP;
END $$;

-- What each group may do at all. Nobody may change or delete.

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
-- It works as the owner: put on a table of one's own it would judge anybody's moment.
REVOKE EXECUTE ON FUNCTION review_tells() FROM PUBLIC;

GRANT USAGE ON SCHEMA public
    TO agentassist_agent, agentassist_supervisor, agentassist_compliance;
GRANT SELECT ON alembic_version, teams, people, supervises, policies, calls, figures, promises,
    reasons, moments, turns, heard, notes, reviews, looks
    TO agentassist_agent, agentassist_supervisor, agentassist_compliance;
GRANT SELECT ON removals TO agentassist_compliance;
GRANT INSERT ON calls, figures, promises, reasons, moments, heard, notes TO agentassist_agent;
-- A turn's own number is not theirs to choose.
GRANT INSERT (call, turn, speaker, start, "end", text, labels) ON turns TO agentassist_agent;
GRANT INSERT ON reviews TO agentassist_agent, agentassist_supervisor;
GRANT INSERT ON looks TO agentassist_agent, agentassist_supervisor, agentassist_compliance;

ALTER TABLE teams ENABLE ROW LEVEL SECURITY;
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
ALTER TABLE supervises ENABLE ROW LEVEL SECURITY;
ALTER TABLE policies ENABLE ROW LEVEL SECURITY;
ALTER TABLE deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE listened ENABLE ROW LEVEL SECURITY;
ALTER TABLE removals ENABLE ROW LEVEL SECURITY;
ALTER TABLE calls ENABLE ROW LEVEL SECURITY;
ALTER TABLE figures ENABLE ROW LEVEL SECURITY;
ALTER TABLE promises ENABLE ROW LEVEL SECURITY;
ALTER TABLE reasons ENABLE ROW LEVEL SECURITY;
ALTER TABLE moments ENABLE ROW LEVEL SECURITY;
ALTER TABLE turns ENABLE ROW LEVEL SECURITY;
ALTER TABLE heard ENABLE ROW LEVEL SECURITY;
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE reviews ENABLE ROW LEVEL SECURITY;
ALTER TABLE looks ENABLE ROW LEVEL SECURITY;

-- Who asks: whoever is logged in, whatever role they have put on since. These work as the owner.

CREATE FUNCTION my_role() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT p.role FROM people AS p JOIN pg_roles AS r ON r.rolname = 'agentassist_' || p.role
    WHERE p.id = session_user::text AND p.left_at IS NULL
        AND pg_has_role(session_user, r.oid, 'MEMBER');
END;

CREATE FUNCTION my_team() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT coalesce(p.team, '') FROM people AS p WHERE p.id = session_user::text;
END;

CREATE FUNCTION my_teams() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT ARRAY(SELECT s.team FROM supervises AS s WHERE s.person = session_user::text);
END;

-- The floor itself.

CREATE POLICY everybody ON teams FOR SELECT
    TO agentassist_agent, agentassist_supervisor, agentassist_compliance
    USING ((SELECT my_role()) IS NOT NULL);
CREATE POLICY everybody ON policies FOR SELECT
    TO agentassist_agent, agentassist_supervisor, agentassist_compliance
    USING ((SELECT my_role()) IS NOT NULL);
CREATE POLICY oneself ON people FOR SELECT
    TO agentassist_agent, agentassist_supervisor, agentassist_compliance
    USING (id = session_user::text);
CREATE POLICY of_teams ON people FOR SELECT TO agentassist_supervisor
    USING ((SELECT my_role()) = 'supervisor' AND team = ANY ((SELECT my_teams())::text[]));
CREATE POLICY everything ON people FOR SELECT TO agentassist_compliance
    USING ((SELECT my_role()) = 'compliance');
CREATE POLICY oneself ON supervises FOR SELECT
    TO agentassist_agent, agentassist_supervisor, agentassist_compliance
    USING (person = session_user::text);
CREATE POLICY everything ON supervises FOR SELECT TO agentassist_compliance
    USING ((SELECT my_role()) = 'compliance');
CREATE POLICY everything ON removals FOR SELECT TO agentassist_compliance
    USING ((SELECT my_role()) = 'compliance');

-- Calls, and what tells itself whose it is.

CREATE POLICY own ON calls FOR SELECT TO agentassist_agent
    USING (agent = session_user::text);
CREATE POLICY of_teams ON calls FOR SELECT TO agentassist_supervisor
    USING ((SELECT my_role()) = 'supervisor' AND team = ANY ((SELECT my_teams())::text[]));
CREATE POLICY everything ON calls FOR SELECT TO agentassist_compliance
    USING ((SELECT my_role()) = 'compliance');

CREATE POLICY own ON figures FOR SELECT TO agentassist_agent
    USING (agent = session_user::text);
CREATE POLICY of_teams ON figures FOR SELECT TO agentassist_supervisor
    USING ((SELECT my_role()) = 'supervisor' AND team = ANY ((SELECT my_teams())::text[]));
CREATE POLICY everything ON figures FOR SELECT TO agentassist_compliance
    USING ((SELECT my_role()) = 'compliance');

CREATE POLICY own ON promises FOR SELECT TO agentassist_agent
    USING (agent = session_user::text);
CREATE POLICY of_teams ON promises FOR SELECT TO agentassist_supervisor
    USING ((SELECT my_role()) = 'supervisor' AND team = ANY ((SELECT my_teams())::text[]));
CREATE POLICY everything ON promises FOR SELECT TO agentassist_compliance
    USING ((SELECT my_role()) = 'compliance');

CREATE POLICY own ON reasons FOR SELECT TO agentassist_agent
    USING (agent = session_user::text);
CREATE POLICY of_teams ON reasons FOR SELECT TO agentassist_supervisor
    USING ((SELECT my_role()) = 'supervisor' AND team = ANY ((SELECT my_teams())::text[]));
CREATE POLICY everything ON reasons FOR SELECT TO agentassist_compliance
    USING ((SELECT my_role()) = 'compliance');

CREATE POLICY own ON moments FOR SELECT TO agentassist_agent
    USING (agent = session_user::text);
CREATE POLICY of_teams ON moments FOR SELECT TO agentassist_supervisor
    USING ((SELECT my_role()) = 'supervisor' AND team = ANY ((SELECT my_teams())::text[]));
CREATE POLICY everything ON moments FOR SELECT TO agentassist_compliance
    USING ((SELECT my_role()) = 'compliance');

-- Words are read by somebody who looked: by a look of theirs that is an hour old at the most, and
-- older than the transaction that reads. One of that transaction itself does not count: ROLLBACK
-- would take it away again, with the words read.

CREATE POLICY looked_at ON turns FOR SELECT
    TO agentassist_agent, agentassist_supervisor, agentassist_compliance
    USING (
        EXISTS (SELECT FROM calls AS c WHERE c.id = turns.call)
        AND EXISTS (SELECT FROM looks AS l WHERE l.by = session_user::text AND l.call = turns.call
            AND l.at < now() AND l.at > now() - interval '1 hour'));

CREATE POLICY looked_at ON heard FOR SELECT
    TO agentassist_agent, agentassist_supervisor, agentassist_compliance
    USING (
        EXISTS (SELECT FROM calls AS c WHERE c.id = heard.call)
        AND EXISTS (SELECT FROM looks AS l WHERE l.by = session_user::text AND l.call = heard.call
            AND l.at < now() AND l.at > now() - interval '1 hour'));

CREATE POLICY looked_at ON notes FOR SELECT
    TO agentassist_agent, agentassist_supervisor, agentassist_compliance
    USING (
        EXISTS (SELECT FROM calls AS c WHERE c.id = notes.call)
        AND EXISTS (SELECT FROM looks AS l WHERE l.by = session_user::text AND l.call = notes.call
            AND l.at < now() AND l.at > now() - interval '1 hour'));

-- An agent files their own calls, each with all that belongs to it in one transaction: nothing is
-- put to a call afterwards.

CREATE POLICY own_filed ON calls FOR INSERT TO agentassist_agent
    WITH CHECK ((SELECT my_role()) = 'agent' AND agent = session_user::text
        AND team = (SELECT my_team()) AND words_gone_at IS NULL);

CREATE POLICY own_filed ON figures FOR INSERT TO agentassist_agent
    WITH CHECK (EXISTS (SELECT FROM calls AS c WHERE c.id = figures.call
        AND c.agent = session_user::text AND c.xmin = pg_current_xact_id()::xid
        AND c.agent = figures.agent AND c.team = figures.team AND c.day = figures.day
        AND c.pack = figures.pack));

CREATE POLICY own_filed ON promises FOR INSERT TO agentassist_agent
    WITH CHECK (EXISTS (SELECT FROM calls AS c WHERE c.id = promises.call
        AND c.agent = session_user::text AND c.xmin = pg_current_xact_id()::xid
        AND c.agent = promises.agent AND c.team = promises.team AND c.day = promises.day
        AND promises.kept IS NULL));

CREATE POLICY own_filed ON reasons FOR INSERT TO agentassist_agent
    WITH CHECK (EXISTS (SELECT FROM calls AS c WHERE c.id = reasons.call
        AND c.agent = session_user::text AND c.xmin = pg_current_xact_id()::xid
        AND c.agent = reasons.agent AND c.team = reasons.team AND c.day = reasons.day));

CREATE POLICY own_filed ON moments FOR INSERT TO agentassist_agent
    WITH CHECK (EXISTS (SELECT FROM calls AS c WHERE c.id = moments.call
        AND c.agent = session_user::text AND c.xmin = pg_current_xact_id()::xid
        AND c.agent = moments.agent AND c.team = moments.team AND c.day = moments.day
        AND c.pack = moments.pack AND c.outcome = moments.outcome
        AND moments.standing = 'open' AND NOT moments.disputed AND NOT moments.praised
        AND NOT moments.shared AND NOT moments.consented));

CREATE POLICY own_filed ON turns FOR INSERT TO agentassist_agent
    WITH CHECK (EXISTS (SELECT FROM calls AS c WHERE c.id = turns.call
        AND c.agent = session_user::text AND c.xmin = pg_current_xact_id()::xid));

CREATE POLICY own_filed ON heard FOR INSERT TO agentassist_agent
    WITH CHECK (EXISTS (SELECT FROM calls AS c WHERE c.id = heard.call
        AND c.agent = session_user::text AND c.xmin = pg_current_xact_id()::xid));

CREATE POLICY own_filed ON notes FOR INSERT TO agentassist_agent
    WITH CHECK (EXISTS (SELECT FROM calls AS c WHERE c.id = notes.call
        AND c.agent = session_user::text AND c.xmin = pg_current_xact_id()::xid));

-- What people say of moments that they may see, under their own name.

CREATE POLICY of_moments ON reviews FOR SELECT
    TO agentassist_agent, agentassist_supervisor, agentassist_compliance
    USING (EXISTS (SELECT FROM moments AS m WHERE m.id = reviews.moment));
CREATE POLICY answered_back ON reviews FOR INSERT TO agentassist_agent
    WITH CHECK (by = session_user::text AND kind IN ('dispute', 'comment', 'consent')
        AND EXISTS (SELECT FROM moments AS m WHERE m.id = reviews.moment
            AND m.call = reviews.call AND m.agent = session_user::text
            AND (reviews.kind <> 'consent' OR m.shared)));
CREATE POLICY reviewed ON reviews FOR INSERT TO agentassist_supervisor
    WITH CHECK (by = session_user::text
        AND kind IN ('agree', 'overrule', 'comment', 'praise', 'share', 'answer')
        AND EXISTS (SELECT FROM moments AS m WHERE m.id = reviews.moment
            AND m.call = reviews.call AND m.team = ANY ((SELECT my_teams())::text[])));

-- Who looked. One's own of this transaction are not shown: they would tell what was found.

CREATE POLICY own ON looks FOR SELECT
    TO agentassist_agent, agentassist_supervisor, agentassist_compliance
    USING (by = session_user::text AND at < now());
CREATE POLICY everything ON looks FOR SELECT TO agentassist_compliance
    USING ((SELECT my_role()) = 'compliance' AND at < now());
CREATE POLICY own_added ON looks FOR INSERT
    TO agentassist_agent, agentassist_supervisor, agentassist_compliance
    WITH CHECK (by = session_user::text
        AND EXISTS (SELECT FROM calls AS c WHERE c.id = looks.call));

-- When: the server's clock counts for people. An agent says things on a desk that may be cut off,
-- so theirs may be earlier, but never later.

CREATE FUNCTION at_its_time() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF row_security_active(TG_RELID) THEN
        IF TG_TABLE_NAME = 'reviews' AND my_role() = 'agent' THEN
            NEW.at := least(NEW.at, clock_timestamp());
        ELSE
            NEW.at := clock_timestamp();
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_at BEFORE INSERT ON reviews
    FOR EACH ROW EXECUTE FUNCTION at_its_time();
CREATE TRIGGER looks_at BEFORE INSERT ON looks
    FOR EACH ROW EXECUTE FUNCTION at_its_time();

-- Full-text search: under a policy it would not use its index, since @@ is not leakproof.
-- Called once it writes down whose calls it found; called again, in another transaction, it also
-- gives what was said there. Of words that are everywhere it gives the best of some.

CREATE FUNCTION search_words(query text, most integer)
RETURNS TABLE (call text, turn integer, text text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    owns boolean := pg_has_role(session_user, current_user, 'MEMBER');
    role text := my_role();
    teams text[] := my_teams();
    wanted tsquery := websearch_to_tsquery('english', query);
    best bigint[];
BEGIN
    best := ARRAY(
        WITH matching AS MATERIALIZED (
            -- Whose a call is stands in its figures as well, with an index.
            SELECT t.id, t.text FROM turns AS t JOIN figures AS f ON f.call = t.call
            WHERE to_tsvector('english', t.text) @@ wanted AND (
                owns OR role = 'compliance'
                OR role = 'agent' AND f.agent = session_user::text
                OR role = 'supervisor' AND f.team = ANY (teams))
            LIMIT 1000)
        SELECT s.id FROM matching AS s
        ORDER BY ts_rank(to_tsvector('english', s.text), wanted) DESC, s.id DESC
        LIMIT least(greatest(most, 0), 500));
    INSERT INTO looks (id, by, at, call, what)
        SELECT replace(gen_random_uuid()::text, '-', ''), session_user, clock_timestamp(), f.call,
            'found'
        FROM (SELECT DISTINCT t.call FROM turns AS t WHERE t.id = ANY (best)) AS f
        WHERE NOT EXISTS (SELECT FROM looks AS l WHERE l.by = session_user::text
            AND l.call = f.call AND l.at > now() - interval '30 minutes');
    RETURN QUERY
        SELECT t.call, t.turn, t.text FROM turns AS t
        WHERE t.id = ANY (best) AND (owns OR EXISTS (
            SELECT FROM looks AS l WHERE l.by = session_user::text AND l.call = t.call
            AND l.at < now() AND l.at > now() - interval '1 hour'))
        ORDER BY array_position(best, t.id);
END $$;

REVOKE EXECUTE ON FUNCTION my_role(), my_team(), my_teams(), search_words(text, integer)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION my_role(), my_team(), my_teams(), search_words(text, integer)
    TO agentassist_agent, agentassist_supervisor, agentassist_compliance;

-- EXPLAIN guesses from what all rows hold: of words and of whom a call was with, it shall not.

ALTER TABLE calls ALTER account SET STATISTICS 0, ALTER person SET STATISTICS 0,
    ALTER phone SET STATISTICS 0, ALTER title SET STATISTICS 0;
ALTER TABLE turns ALTER text SET STATISTICS 0;
ALTER TABLE notes ALTER text SET STATISTICS 0, ALTER fields SET STATISTICS 0;
ALTER TABLE moments ALTER quote SET STATISTICS 0;
ALTER TABLE reviews ALTER text SET STATISTICS 0;
ALTER INDEX ix_turns_words ALTER COLUMN 1 SET STATISTICS 0;
