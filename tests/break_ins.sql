-- What people at a floor's server try who know SQL and mean to break in: `test_access.py`.
-- Each attempt has its outcome, who tries it, and a sentence. Anna and Ben are agents of two teams,
-- Sue supervises Anna's team, Cora is compliance, Otto may log in and is nobody.

-- refused anna: an agent changes a call of their own
UPDATE calls SET outcome = 'paid';

-- refused anna: an agent takes a call of their own out
DELETE FROM calls;

-- refused anna: an agent empties the calls
TRUNCATE calls CASCADE;

-- refused anna: an agent changes what was said
UPDATE turns SET text = 'thank you';

-- refused anna: an agent judges their own moment
UPDATE moments SET standing = 'overruled';

-- refused anna: an agent takes a moment out
DELETE FROM moments WHERE call = 'a1';

-- refused sue: a supervisor changes a moment's standing
UPDATE moments SET standing = 'agreed';

-- refused sue: a supervisor takes a review back
DELETE FROM reviews;

-- refused sue: a supervisor rewrites a review
UPDATE reviews SET text = '';

-- refused sue: a supervisor takes the trace of a look away
DELETE FROM looks;

-- refused sue: a supervisor dates a look
UPDATE looks SET at = now() - interval '1 year';

-- refused cora: compliance takes the trace of a look away
DELETE FROM looks;

-- refused anna: an agent makes themselves a supervisor
UPDATE people SET role = 'supervisor' WHERE id = 'anna';

-- refused anna: an agent changes team
UPDATE people SET team = 'south' WHERE id = 'anna';

-- refused sue: a supervisor takes another team
INSERT INTO supervises VALUES ('sue', 'south');

-- refused anna: an agent adds a team
INSERT INTO teams VALUES ('mine');

-- refused sue: a person is added by one who may not
INSERT INTO people VALUES ('eve', 'Eve', 'compliance');

-- refused sue: a supervisor turns rankings on
INSERT INTO policies VALUES ('rankings', 'on', 'so', 'sue', now());

-- refused cora: compliance turns rankings on
UPDATE policies SET value = 'on';

-- refused cora: compliance forges a removal
DELETE FROM removals;

-- refused anna: an agent reads the removals
SELECT * FROM removals;

-- refused sue: a supervisor reads the removals
SELECT * FROM removals;

-- refused cora: anybody reads what was delivered
SELECT * FROM deliveries;

-- refused anna: an agent sets the archive's version
UPDATE alembic_version SET version_num = '9';

-- refused cora: compliance files a call
INSERT INTO calls SELECT (c).* FROM (SELECT c FROM calls AS c LIMIT 1) AS c;

-- refused cora: compliance judges a moment
INSERT INTO reviews VALUES ('x', 'a1/c1', 'a1', 'cora', 'agree', now(), '');

-- refused anna: an agent puts on the supervisors' group
SET ROLE agentassist_supervisor;

-- refused anna: an agent puts on another agent
SET ROLE ben;

-- refused anna: an agent puts on the owner
SET ROLE floor;

-- refused anna: an agent becomes somebody else
SET SESSION AUTHORIZATION ben;

-- refused anna: an agent joins the supervisors
GRANT agentassist_supervisor TO anna;

-- refused sue: a supervisor lets compliance's group in
GRANT agentassist_compliance TO sue;

-- refused anna: an agent gives themselves a right
ALTER ROLE anna BYPASSRLS;

-- refused anna: an agent gets a right to make roles
ALTER ROLE anna CREATEROLE;

-- refused anna: an agent sets another's password
ALTER ROLE ben PASSWORD 'known';

-- refused anna: an agent makes a login
CREATE ROLE eve LOGIN;

-- refused anna: an agent reads past the policies with row security off
SET row_security = off;
SELECT * FROM calls;

-- refused anna: an agent turns the policies off
ALTER TABLE calls DISABLE ROW LEVEL SECURITY;

-- refused anna: an agent adds a policy
CREATE POLICY mine ON calls USING (true);

-- refused anna: an agent takes the trigger of looks away
DROP TRIGGER looks_at ON looks;

-- refused anna: an agent turns triggers off
SET session_replication_role = replica;

-- refused anna: an agent puts a trigger on the words
CREATE TRIGGER t BEFORE INSERT ON turns FOR EACH ROW EXECUTE FUNCTION it_stays();

-- refused anna: an agent replaces the search
CREATE OR REPLACE FUNCTION search_words(query text, most integer) RETURNS TABLE (call text, turn
    integer, text text) LANGUAGE sql AS 'SELECT 1, 1, 1';

-- refused anna: an agent puts a table in the way
CREATE TABLE public.people (id text);

-- refused anna: an agent puts a function in the way
CREATE FUNCTION public.websearch_to_tsquery(regconfig, text) RETURNS tsquery LANGUAGE sql AS
    'SELECT null::tsquery';

-- refused anna: an agent makes a schema
CREATE SCHEMA mine;

-- refused anna: an agent uses the function that judges, on a table of their own
CREATE TEMP TABLE mine (moment text, kind text);
CREATE TRIGGER t AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION review_tells();

-- refused anna: an agent copies calls to a file of the server
COPY calls TO '/tmp/calls';

-- refused anna: an agent copies calls to a program
COPY calls TO PROGRAM 'cat';

-- refused anna: an agent loads a file of the server
SELECT lo_import('/etc/passwd');

-- refused anna: an agent reads a file of the server
SELECT pg_read_file('/etc/passwd');

-- refused anna: an agent reads the passwords
SELECT * FROM pg_authid;

-- refused anna: an agent reads everybody's statistics
SELECT * FROM pg_statistic;

-- refused anna: an agent sets up a copy of the changes
CREATE PUBLICATION mine FOR TABLE calls;

-- refused anna: an agent reads the log of changes
SELECT pg_create_logical_replication_slot('mine', 'pgoutput');

-- refused anna: an agent installs an extension
CREATE EXTENSION dblink;

-- refused anna: an agent locks the calls against others
BEGIN;
LOCK TABLE calls IN ACCESS EXCLUSIVE MODE;
COMMIT;

-- refused anna: an agent holds the rows of moments
SELECT * FROM moments FOR UPDATE;

-- refused anna: an agent chooses a turn's own number
INSERT INTO turns (id, call, turn, speaker, start, "end", text, labels) VALUES (99999, 'a1', 99,
    'caller', 0, 0, 'I promise', '[]');

-- refused anna: an agent puts words to a call that was filed
INSERT INTO turns (call, turn, speaker, start, "end", text, labels) VALUES ('a1', 99, 'caller', 0,
    0, 'I promise to pay', '[]');

-- refused anna: an agent puts words to another's call
INSERT INTO turns (call, turn, speaker, start, "end", text, labels) VALUES ('b1', 99, 'agent', 0,
    0, 'you are stupid', '[]');

-- refused anna: an agent puts another note to a call
INSERT INTO notes VALUES ('a1', '{}', 'all paid');

-- refused anna: an agent puts a moment to another's call
INSERT INTO moments SELECT 'b1/x', 'b1', 'ben', 'south', day, pack, outcome, happened_at, at,
    turn, kind, name, rule, severity, state, quote, "do", why, say FROM moments WHERE id = 'a1/c1';

-- refused anna: an agent disputes another's moment
INSERT INTO reviews VALUES ('x', 'b1/c1', 'b1', 'anna', 'dispute', now(), 'no');

-- refused anna: an agent disputes another's moment as if it were of their own call
INSERT INTO reviews VALUES ('x', 'b1/c1', 'a1', 'anna', 'dispute', now(), 'no');

-- refused anna: an agent overrules a moment of their own
INSERT INTO reviews VALUES ('x', 'a1/c1', 'a1', 'anna', 'overrule', now(), 'no');

-- refused anna: an agent answers a dispute as the supervisor
INSERT INTO reviews VALUES ('x', 'a1/c1', 'a1', 'sue', 'answer', now(), 'you are right');

-- refused anna: an agent consents where nobody asked
INSERT INTO reviews VALUES ('x', 'a1/c1', 'a1', 'anna', 'consent', now(), '');

-- refused sue: a supervisor disputes in an agent's name
INSERT INTO reviews VALUES ('x', 'a1/c1', 'a1', 'anna', 'dispute', now(), 'no');

-- refused sue: a supervisor consents in an agent's place
INSERT INTO reviews VALUES ('x', 'a1/c1', 'a1', 'sue', 'consent', now(), '');

-- refused sue: a supervisor judges another team's moment
INSERT INTO reviews VALUES ('x', 'b1/c1', 'b1', 'sue', 'agree', now(), '');

-- refused sue: a supervisor lays a look to somebody else
INSERT INTO looks VALUES ('x', 'cora', now(), 'a1', 'opened');

-- refused sue: a supervisor looks at another team's call
INSERT INTO looks VALUES ('x', 'sue', now(), 'b1', 'opened');

-- refused otto: somebody without a role reads calls
SELECT * FROM calls;

-- refused otto: somebody without a role searches
SELECT * FROM search_words('zeppelin', 5);

-- nothing anna: an agent asks for others' calls
SELECT * FROM calls WHERE agent <> 'anna';

-- nothing anna: an agent asks for others' moments
SELECT * FROM moments WHERE agent <> 'anna';

-- nothing anna: an agent asks for others' figures
SELECT * FROM figures WHERE agent <> 'anna';

-- nothing anna: an agent asks for others' promises
SELECT * FROM promises WHERE agent <> 'anna';

-- nothing anna: an agent asks for others' reasons
SELECT * FROM reasons WHERE agent <> 'anna';

-- nothing anna: an agent asks for others' words
SELECT * FROM turns WHERE call <> 'a1';

-- nothing anna: an agent asks for others' notes
SELECT * FROM notes WHERE call <> 'a1';

-- nothing anna: an agent asks for what others were heard to say
SELECT * FROM heard WHERE call <> 'a1';

-- nothing anna: an agent asks for reviews of others
SELECT * FROM reviews WHERE call <> 'a1';

-- nothing anna: an agent asks who else works there
SELECT * FROM people WHERE id <> 'anna';

-- nothing anna: an agent asks who looked
SELECT * FROM looks WHERE by <> 'anna';

-- nothing anna: an agent searches others' words
SELECT * FROM search_words('zeppelin', 5);

-- nothing anna: an agent searches past the function
SELECT * FROM turns WHERE to_tsvector('english', text) @@ to_tsquery('zeppelin');

-- nothing anna: an agent asks through a view of their own
CREATE TEMP VIEW mine AS SELECT * FROM calls;
SELECT * FROM mine WHERE agent <> 'anna';

-- nothing anna: an agent asks through a function of their own
CREATE FUNCTION pg_temp.f() RETURNS SETOF calls LANGUAGE sql SECURITY DEFINER AS 'SELECT * FROM
    calls';
SELECT * FROM pg_temp.f() WHERE agent <> 'anna';

-- nothing anna: an agent asks for the statistics of columns
SELECT * FROM pg_stats WHERE schemaname = 'public' AND tablename NOT LIKE 'alembic%';

-- nothing anna: an agent asks what others ask
SELECT query FROM pg_stat_activity WHERE usename <> 'anna' AND query <> '' AND query <>
    '<insufficient privilege>';

-- nothing anna: an agent asks as the group
SET ROLE agentassist_agent;
SELECT 1 WHERE EXISTS (SELECT FROM calls WHERE agent <> 'anna');

-- nothing anna: an agent copies calls out
CREATE TEMP TABLE mine AS SELECT * FROM calls;
SELECT * FROM mine WHERE agent <> 'anna';

-- nothing sue: a supervisor asks for other teams' calls
SELECT * FROM calls WHERE team <> 'north';

-- nothing sue: a supervisor asks for other teams' moments
SELECT * FROM moments WHERE team <> 'north';

-- nothing sue: a supervisor asks for other teams' words
SELECT * FROM turns WHERE call <> 'a1';

-- nothing sue: a supervisor asks for reviews of other teams
SELECT * FROM reviews WHERE call <> 'a1';

-- nothing sue: a supervisor asks for people of other teams
SELECT * FROM people WHERE id <> 'sue' AND team IS DISTINCT FROM 'north';

-- nothing sue: a supervisor searches other teams' words
SELECT * FROM search_words('zeppelin', 5);

-- nothing sue: a supervisor asks who else looked
SELECT * FROM looks WHERE by <> 'sue';

-- nothing cora: compliance reads words without a look
SELECT * FROM turns WHERE call = 'b1';

-- nothing cora: compliance reads a note without a look
SELECT * FROM notes WHERE call = 'b1';

-- nothing cora: compliance reads what was heard without a look
SELECT * FROM heard WHERE call = 'b1';

-- refused sue: a supervisor takes an agent's consent back
INSERT INTO reviews VALUES ('x', 'a1/c1', 'a1', 'sue', 'withdraw', now(), '');

-- refused anna: an agent corrects another's note
SELECT correct_note('b1', '{}', 'all paid', '[]', '[]', 'x');

-- refused sue: a supervisor corrects an agent's note
SELECT correct_note('a1', '{}', 'all paid', '[]', '[]', 'x');
