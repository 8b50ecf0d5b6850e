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
