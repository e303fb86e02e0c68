-- The event log. Its order is the order of commits because whoever writes an event first locks
-- the log's head and keeps it locked until the end of the transaction: a later cursor can never
-- be seen before an earlier one. The head is a row, not a sequence, so cursors have no gaps and
-- do not jump after a crash.

CREATE TABLE event_log (
    one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    oldest bigint NOT NULL,
    newest bigint NOT NULL CHECK (newest >= oldest)
);
COMMENT ON TABLE event_log IS 'Head of the event log: one row.';
COMMENT ON COLUMN event_log.one_row IS 'Always true: there is one row.';
COMMENT ON COLUMN event_log.oldest IS 'Oldest cursor a subscriber can resume from; events up to it are no longer kept.';
COMMENT ON COLUMN event_log.newest IS 'Cursor of the newest event, 0 before the first.';
INSERT INTO event_log (oldest, newest) VALUES (0, 0);

CREATE TABLE events (
    cursor bigint PRIMARY KEY,
    kind text NOT NULL,
    occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    group_name text NOT NULL,
    instrument text NOT NULL,
    sample_id uuid NOT NULL,
    sample text NOT NULL,
    acquisition_id uuid NOT NULL,
    path text NOT NULL,
    body jsonb NOT NULL
);
COMMENT ON TABLE events IS 'What subscribers see, in one total order; written in the transaction of what they tell.';
COMMENT ON COLUMN events.cursor IS 'Place in the order, without gaps; set by a trigger.';
COMMENT ON COLUMN events.kind IS 'discovered, incomplete, skipped, failed, processed or elucidated.';
COMMENT ON COLUMN events.occurred_at IS 'When it was written.';
COMMENT ON COLUMN events.group_name IS 'Group whose data it tells of.';
COMMENT ON COLUMN events.instrument IS 'Name of the instrument.';
COMMENT ON COLUMN events.sample_id IS 'The sample.';
COMMENT ON COLUMN events.sample IS 'Name of the sample.';
COMMENT ON COLUMN events.acquisition_id IS 'The acquisition.';
COMMENT ON COLUMN events.path IS 'Where the acquisition lay.';
COMMENT ON COLUMN events.body IS 'What it tells; its fields depend on the kind.';
CREATE INDEX events_by_group ON events (group_name, cursor);
CREATE INDEX events_of_sample ON events (sample_id, cursor);

CREATE FUNCTION events_take_cursor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE event_log SET newest = newest + 1 RETURNING newest INTO NEW.cursor;
    NEW.occurred_at := clock_timestamp();
    RETURN NEW;
END $$;
COMMENT ON FUNCTION events_take_cursor IS 'Gives each event the next cursor and holds the head of the log until the commit.';
CREATE TRIGGER events_take_cursor BEFORE INSERT ON events
    FOR EACH ROW EXECUTE FUNCTION events_take_cursor();

CREATE FUNCTION events_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('larmor_events', '');
    RETURN NULL;
END $$;
COMMENT ON FUNCTION events_wake IS 'Wakes subscribers; they read from their cursor, so a lost wake-up loses no event.';
CREATE TRIGGER events_wake AFTER INSERT ON events
    FOR EACH STATEMENT EXECUTE FUNCTION events_wake();

CREATE FUNCTION events_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are never changed';
END $$;
COMMENT ON FUNCTION events_stay IS 'Keeps events as they were written.';
CREATE TRIGGER events_stay BEFORE UPDATE ON events
    FOR EACH ROW EXECUTE FUNCTION events_stay();

CREATE FUNCTION acquisitions_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('larmor_work', '');
    RETURN NULL;
END $$;
COMMENT ON FUNCTION acquisitions_wake IS 'Wakes workers when an acquisition became ready.';
CREATE TRIGGER acquisitions_wake_new AFTER INSERT ON acquisitions
    FOR EACH ROW WHEN (NEW.state = 'ready') EXECUTE FUNCTION acquisitions_wake();
CREATE TRIGGER acquisitions_wake_changed AFTER UPDATE ON acquisitions
    FOR EACH ROW WHEN (NEW.state = 'ready' AND OLD.state <> 'ready')
    EXECUTE FUNCTION acquisitions_wake();
