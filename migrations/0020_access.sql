-- Who may see and change what. In a schema of its own, so that nothing granted on the tables of results
-- ever shows it to people who read those.

CREATE SCHEMA access;
COMMENT ON SCHEMA access IS 'Who may see and change what. Not for the read-only role.';

CREATE TABLE access.credentials (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('token', 'session', 'link')),
    holder text NOT NULL CHECK (holder <> ''),
    digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    role text NOT NULL CHECK (role IN ('reader', 'chemist', 'manager', 'admin')),
    groups text[],
    sample_id uuid REFERENCES samples ON DELETE CASCADE,
    parent_id uuid REFERENCES access.credentials ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    revoked_by text,
    used_at timestamptz,
    CHECK ((kind = 'link') = (sample_id IS NOT NULL))
);
COMMENT ON TABLE access.credentials IS 'What callers show to be let in. The secret itself is kept nowhere.';
COMMENT ON COLUMN access.credentials.id IS 'Identity, by which it is listed and revoked.';
COMMENT ON COLUMN access.credentials.kind IS 'token: of a program or person; session: of a browser that signed in with a token; link: shows one sample.';
COMMENT ON COLUMN access.credentials.holder IS 'Who has it; this name stands beside what is done with it.';
COMMENT ON COLUMN access.credentials.digest IS 'SHA-256 of the secret, which is 256 random bits.';
COMMENT ON COLUMN access.credentials.role IS 'What may be done with it.';
COMMENT ON COLUMN access.credentials.groups IS 'Groups whose data it opens; null: every group; of a link, the group whose sample it was when the link was made.';
COMMENT ON COLUMN access.credentials.sample_id IS 'The one sample that a link opens.';
COMMENT ON COLUMN access.credentials.parent_id IS 'Token that a session was begun with: what holds for that holds for the session.';
COMMENT ON COLUMN access.credentials.created_at IS 'When it was made.';
COMMENT ON COLUMN access.credentials.created_by IS 'Who made it.';
COMMENT ON COLUMN access.credentials.expires_at IS 'When it ends by itself; null: never.';
COMMENT ON COLUMN access.credentials.revoked_at IS 'When it was revoked.';
COMMENT ON COLUMN access.credentials.revoked_by IS 'Who revoked it.';
COMMENT ON COLUMN access.credentials.used_at IS 'When it was used last, to within an hour.';
CREATE INDEX credentials_by_parent ON access.credentials (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE access.audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    holder text NOT NULL,
    credential_id uuid,
    call text NOT NULL,
    subject text NOT NULL DEFAULT '',
    group_name text NOT NULL DEFAULT '',
    outcome text NOT NULL CHECK (outcome IN ('read', 'changed', 'refused')),
    first_at timestamptz NOT NULL DEFAULT now(),
    last_at timestamptz NOT NULL DEFAULT now(),
    times bigint NOT NULL DEFAULT 1
);
COMMENT ON TABLE access.audit IS 'Who read, changed and was refused what. Changes have a row each; reads and refusals of the same thing one a day.';
COMMENT ON COLUMN access.audit.id IS 'Identity; rises with time.';
COMMENT ON COLUMN access.audit.holder IS 'Who, as the credential says.';
COMMENT ON COLUMN access.audit.credential_id IS 'The credential, in access.credentials while that is kept.';
COMMENT ON COLUMN access.audit.call IS 'Call of the protocol, such as GetSample.';
COMMENT ON COLUMN access.audit.subject IS 'What was asked for, such as sample/0198...; empty of lists and streams.';
COMMENT ON COLUMN access.audit.group_name IS 'Group whose data it was.';
COMMENT ON COLUMN access.audit.outcome IS 'read, changed or refused.';
COMMENT ON COLUMN access.audit.first_at IS 'When.';
COMMENT ON COLUMN access.audit.last_at IS 'When for the last time that day.';
COMMENT ON COLUMN access.audit.times IS 'How often that day.';
CREATE INDEX audit_by_time ON access.audit (last_at);
CREATE INDEX audit_by_subject ON access.audit (subject, last_at) WHERE subject <> '';
