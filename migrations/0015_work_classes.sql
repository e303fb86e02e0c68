-- Work by class, so that what was measured minutes ago never waits behind an archive; and nothing
-- that is due waits for a clock: clocks of databases are set forward and back.

ALTER TABLE acquisitions
    ADD COLUMN work text NOT NULL DEFAULT 'live'
        CHECK (work IN ('live', 'requested', 'retry', 'reprocessing', 'backfill')),
    ADD COLUMN abrupt_ends integer NOT NULL DEFAULT 0,
    ADD COLUMN queue_place bigint NOT NULL DEFAULT 0,
    ADD COLUMN lease_renewals bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN acquisitions.work IS 'What kind of work it is, or was last, in the order in which workers take it: live (acquired within the day before it was complete), requested (a person asked), retry, reprocessing, backfill (older data).';
COMMENT ON COLUMN acquisitions.abrupt_ends IS 'How often the worker that had it went without a word: two make it wait until nothing else does, and run alone.';
COMMENT ON COLUMN acquisitions.queue_place IS 'Its place among those of its priority: the least is taken first. Back-fill goes from the newest data to the oldest.';
COMMENT ON COLUMN acquisitions.lease_renewals IS 'How often the worker that has it has told that it works: one that tells nothing for a while loses it.';

ALTER TABLE acquisitions ADD COLUMN priority smallint NOT NULL GENERATED ALWAYS AS (
    CASE WHEN abrupt_ends >= 2 THEN 5 ELSE
        CASE work WHEN 'live' THEN 0 WHEN 'requested' THEN 1 WHEN 'retry' THEN 2
                  WHEN 'reprocessing' THEN 3 ELSE 4 END
    END) STORED;
COMMENT ON COLUMN acquisitions.priority IS 'Which work is taken first, 0 to 5, by its kind; 5 is what ended the process twice.';

CREATE SEQUENCE queue_places AS bigint;

-- Whoever makes an acquisition ready names the kind of work; its place follows.
CREATE FUNCTION acquisitions_queue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.queue_place := CASE NEW.work
        WHEN 'backfill' THEN -extract(epoch FROM coalesce(NEW.last_written, NEW.discovered_at))::bigint
        ELSE nextval('queue_places') END;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION acquisitions_queue IS 'Puts what became ready, or changed its kind of work, at the end of its queue.';
CREATE TRIGGER acquisitions_queue_new BEFORE INSERT ON acquisitions
    FOR EACH ROW WHEN (NEW.state = 'ready') EXECUTE FUNCTION acquisitions_queue();
CREATE TRIGGER acquisitions_queue_changed BEFORE UPDATE ON acquisitions
    FOR EACH ROW WHEN (NEW.state = 'ready'
                       AND (OLD.state NOT IN ('ready', 'processing') OR OLD.work <> NEW.work))
    EXECUTE FUNCTION acquisitions_queue();

-- Null: now. A time is there only where a failure is waited out.
ALTER TABLE acquisitions ALTER COLUMN due_at DROP NOT NULL, ALTER COLUMN due_at DROP DEFAULT;
UPDATE acquisitions SET due_at = NULL WHERE state <> 'ready' OR due_at <= now();
COMMENT ON COLUMN acquisitions.due_at IS 'When a worker may try again after a failure; null: now.';

-- A time in the database ends no lease: whether its worker goes on telling that it works does.
ALTER TABLE acquisitions DROP COLUMN lease_expires_at;
ALTER TABLE acquisitions ADD CONSTRAINT acquisitions_leased
    CHECK ((state = 'processing') = (lease_token IS NOT NULL));

UPDATE acquisitions SET work = 'backfill'
    WHERE state = 'ready' AND last_written < discovered_at - interval '1 day';
UPDATE acquisitions SET queue_place = CASE work
        WHEN 'backfill' THEN -extract(epoch FROM coalesce(last_written, discovered_at))::bigint
        ELSE nextval('queue_places') END
    WHERE state IN ('ready', 'processing');
DROP INDEX acquisitions_waiting;
CREATE INDEX acquisitions_waiting ON acquisitions (priority, queue_place, id) WHERE state = 'ready';
CREATE INDEX acquisitions_backfilled ON acquisitions (finished_at) WHERE work = 'backfill';
CREATE INDEX acquisitions_processing ON acquisitions (id) WHERE state = 'processing';

CREATE TABLE backfill (
    one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    paused boolean NOT NULL DEFAULT false,
    changed_by text NOT NULL DEFAULT '',
    changed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE backfill IS 'Whether older data are worked through now: one row.';
COMMENT ON COLUMN backfill.one_row IS 'Always true: there is one row.';
COMMENT ON COLUMN backfill.paused IS 'True while none is taken up.';
COMMENT ON COLUMN backfill.changed_by IS 'Who paused or resumed it last.';
COMMENT ON COLUMN backfill.changed_at IS 'When.';
INSERT INTO backfill DEFAULT VALUES;
