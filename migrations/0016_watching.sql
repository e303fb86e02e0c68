-- Two more ways in which an acquisition ends, and what is remembered of the files of each dataset,
-- so that a start need not read them all again.

ALTER TABLE acquisitions
    DROP CONSTRAINT acquisitions_state_check,
    ADD CONSTRAINT acquisitions_state_check CHECK (state IN
        ('discovered', 'incomplete', 'ready', 'processing', 'done', 'failed', 'skipped',
         'vanished', 'superseded'));
COMMENT ON COLUMN acquisitions.state IS 'discovered, incomplete, ready, processing, done, failed, skipped, vanished (its dataset was removed before it was complete) or superseded (another acquisition overwrote its files before it was processed).';
COMMENT ON COLUMN acquisitions.finished_at IS 'When it was last done, failed, skipped, vanished or superseded.';
COMMENT ON COLUMN acquisitions.failure_passes IS 'True when it failed for a cause that may pass, such as a share that is away or a directory that this account may not read: seen complete again, it is processed.';
COMMENT ON COLUMN events.kind IS 'discovered, incomplete, skipped, failed, vanished, superseded, processed or elucidated.';

-- Earlier versions had no words of their own for these.
UPDATE acquisitions SET state = 'vanished', overdue = false, finished_at = updated_at
WHERE state = 'incomplete' AND overdue AND reason = 'it vanished before it was complete';
UPDATE acquisitions SET state = 'superseded'
WHERE state = 'failed'
  AND reason LIKE '% no longer holds what was seen there; its new content is an acquisition of its own';

CREATE TABLE observed_files (
    instrument_id uuid NOT NULL REFERENCES instruments,
    path text NOT NULL,
    acquisition_id uuid NOT NULL REFERENCES acquisitions ON DELETE CASCADE,
    stamps text NOT NULL,
    observed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (instrument_id, path)
);
COMMENT ON TABLE observed_files IS 'What the files of each dataset looked like from outside when it was last recorded: one whose files still do is not read again after a restart. Delete rows to have their datasets read again.';
COMMENT ON COLUMN observed_files.instrument_id IS 'Instrument under whose root the dataset lies.';
COMMENT ON COLUMN observed_files.path IS 'The dataset.';
COMMENT ON COLUMN observed_files.acquisition_id IS 'What it was recorded as.';
COMMENT ON COLUMN observed_files.stamps IS 'SHA-256, hex, over size, inode and times of each file that tells of it, and over what else decides how it is recorded: the version of Larmor, path rule and group of the root.';
COMMENT ON COLUMN observed_files.observed_at IS 'When.';
CREATE INDEX observed_files_of_acquisition ON observed_files (acquisition_id);

DO $$
BEGIN
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO larmor_reader;
EXCEPTION WHEN undefined_object OR insufficient_privilege THEN
    RAISE NOTICE 'nothing was granted to larmor_reader: %', SQLERRM;
END $$;
