--liquibase formatted sql

--changeset thezone:1-sessions
--comment One row per session. No index but the key's, and room on each page, so that updates stay heap-only (HOT).
CREATE TABLE sessions (
    key       uuid        PRIMARY KEY,
    version   bigint      NOT NULL,
    format    smallint    NOT NULL,
    streams   text        NOT NULL,
    lapses_at timestamptz NOT NULL
) WITH (fillfactor = 70);
COMMENT ON TABLE sessions IS 'What each session holds. Written by the stream service only: a change by hand must draw a new version.';
COMMENT ON COLUMN sessions.key IS '128 bits of an HMAC of the session id, which stands nowhere';
COMMENT ON COLUMN sessions.version IS 'drawn from session_version at each save';
COMMENT ON COLUMN sessions.format IS 'of the document in streams';
COMMENT ON COLUMN sessions.streams IS 'the session as JSON; times are microseconds since 1970';
COMMENT ON COLUMN sessions.lapses_at IS 'from when on the row may be removed';
CREATE SEQUENCE session_version;
--rollback DROP SEQUENCE session_version; DROP TABLE sessions;

--changeset thezone:2-active-streams
CREATE VIEW active_streams AS
SELECT s.key AS session_key,
       e.stream ->> 'id' AS stream_id,
       to_timestamp((e.stream ->> 'start')::bigint / 1e6) AS started_at,
       to_timestamp((e.stream ->> 'seen')::bigint / 1e6) AS last_seen_at,
       to_timestamp((e.stream ->> 'until')::bigint / 1e6) AS expires_at,
       coalesce(e.stream -> 'attributes', '{}') AS attributes
FROM sessions s
CROSS JOIN LATERAL jsonb_array_elements(s.streams::jsonb -> 'streams') AS e (stream)
WHERE (e.stream ->> 'until')::bigint > extract(epoch FROM clock_timestamp()) * 1e6;
COMMENT ON VIEW active_streams IS 'One row per stream that lives now, for people who write SQL.';
--rollback DROP VIEW active_streams;

--changeset thezone:3-installation
--comment Where sessions are stored already, a node of the version before may run on, so the format stays the one that it reads.
CREATE TABLE installation (
    name  text PRIMARY KEY,
    value text NOT NULL
);
COMMENT ON TABLE installation IS 'What all nodes agree on. Written by them at their first start and by the commands of the jar.';
INSERT INTO installation (name, value) SELECT 'session-format', '2' WHERE EXISTS (SELECT FROM sessions);
--rollback DROP TABLE installation;

--changeset thezone:4-active-streams-that-can-be-read splitStatements:false
--comment A document that a hand has spoiled would fail the view as a whole. Sorted, so that all of it is read before any is told.
CREATE FUNCTION streams_in(document text)
RETURNS TABLE (stream_id text, started_at timestamptz, last_seen_at timestamptz, expires_at timestamptz, attributes jsonb)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT e.stream ->> 'id',
           to_timestamp((e.stream ->> 'start')::bigint / 1e6),
           to_timestamp((e.stream ->> 'seen')::bigint / 1e6),
           to_timestamp((e.stream ->> 'until')::bigint / 1e6),
           coalesce(e.stream -> 'attributes', '{}')
    FROM jsonb_array_elements(document::jsonb -> 'streams') AS e (stream)
    ORDER BY 2;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    RETURN;
END $$;
COMMENT ON FUNCTION streams_in IS 'The streams in a document of the table sessions; none if it cannot be read.';
CREATE OR REPLACE VIEW active_streams AS
SELECT s.key AS session_key, e.stream_id, e.started_at, e.last_seen_at, e.expires_at, e.attributes
FROM sessions s
CROSS JOIN LATERAL streams_in(s.streams) AS e
WHERE e.expires_at > clock_timestamp();
COMMENT ON VIEW active_streams IS 'One row per stream that lives now, of the sessions that can be read; for people who write SQL.';
--rollback CREATE OR REPLACE VIEW active_streams AS SELECT s.key AS session_key, e.stream ->> 'id' AS stream_id, to_timestamp((e.stream ->> 'start')::bigint / 1e6) AS started_at, to_timestamp((e.stream ->> 'seen')::bigint / 1e6) AS last_seen_at, to_timestamp((e.stream ->> 'until')::bigint / 1e6) AS expires_at, coalesce(e.stream -> 'attributes', '{}') AS attributes FROM sessions s CROSS JOIN LATERAL jsonb_array_elements(s.streams::jsonb -> 'streams') AS e (stream) WHERE (e.stream ->> 'until')::bigint > extract(epoch FROM clock_timestamp()) * 1e6; DROP FUNCTION streams_in;

--changeset thezone:5-comments
--comment The column streams keeps its name: renaming it would fail or delay requests of running nodes (docs/decisions/0021).
COMMENT ON TABLE sessions IS 'One row per session. Only the stream service writes here; a manual change must also set version to nextval(''session_version'').';
COMMENT ON COLUMN sessions.key IS '128 bits of an HMAC of the session id; the id itself is not stored';
COMMENT ON COLUMN sessions.version IS 'nextval(''session_version'') at the last save';
COMMENT ON COLUMN sessions.format IS 'the format of the document in the column streams';
COMMENT ON COLUMN sessions.streams IS 'the whole session as a JSON document, not only its live streams: "streams" lists these, "ended" streams that have ended; times are microseconds since 1970-01-01 UTC';
COMMENT ON COLUMN sessions.lapses_at IS 'the time after which the row may be removed';
COMMENT ON TABLE installation IS 'What all nodes must agree on, such as the format in which they store sessions. Nodes add missing rows when they start; commands of the jar replace values.';
COMMENT ON VIEW active_streams IS 'One row per live stream, for people who write SQL. Sessions that cannot be read are left out.';
COMMENT ON FUNCTION streams_in IS 'The entries of "streams" in a document of the table sessions, in the order of their start; none if the document cannot be read.';
--rollback COMMENT ON TABLE sessions IS 'What each session holds. Written by the stream service only: a change by hand must draw a new version.';
--rollback COMMENT ON COLUMN sessions.key IS '128 bits of an HMAC of the session id, which stands nowhere';
--rollback COMMENT ON COLUMN sessions.version IS 'drawn from session_version at each save';
--rollback COMMENT ON COLUMN sessions.format IS 'of the document in streams';
--rollback COMMENT ON COLUMN sessions.streams IS 'the session as JSON; times are microseconds since 1970';
--rollback COMMENT ON COLUMN sessions.lapses_at IS 'from when on the row may be removed';
--rollback COMMENT ON TABLE installation IS 'What all nodes agree on. Written by them at their first start and by the commands of the jar.';
--rollback COMMENT ON VIEW active_streams IS 'One row per stream that lives now, of the sessions that can be read; for people who write SQL.';
--rollback COMMENT ON FUNCTION streams_in IS 'The streams in a document of the table sessions; none if it cannot be read.';
