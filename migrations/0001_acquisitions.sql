-- What spectrometers wrote, and where each dataset is on the road.

CREATE TABLE instruments (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE,
    first_seen timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE instruments IS 'Spectrometers: one watched root each.';
COMMENT ON COLUMN instruments.id IS 'Identity (UUID version 7: sorts by time).';
COMMENT ON COLUMN instruments.name IS 'Name given in larmor.toml.';
COMMENT ON COLUMN instruments.first_seen IS 'When its first dataset was seen.';

CREATE TABLE samples (
    id uuid PRIMARY KEY,
    group_name text NOT NULL,
    name text NOT NULL,
    proposal_count integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (group_name, name)
);
COMMENT ON TABLE samples IS 'What a chemist put in the tube; all spectra of a sample are judged together.';
COMMENT ON COLUMN samples.id IS 'Identity (UUID version 7: sorts by time).';
COMMENT ON COLUMN samples.group_name IS 'Group whose sample it is.';
COMMENT ON COLUMN samples.name IS 'Name, as the path rules of larmor.toml read it.';
COMMENT ON COLUMN samples.proposal_count IS 'How many structures were ever proposed for it; tells a worker that one came meanwhile.';
COMMENT ON COLUMN samples.created_at IS 'When its first dataset was seen.';

CREATE SEQUENCE lease_tokens AS bigint;

CREATE TABLE acquisitions (
    id uuid PRIMARY KEY,
    instrument_id uuid NOT NULL REFERENCES instruments,
    sample_id uuid NOT NULL REFERENCES samples,
    group_name text NOT NULL,
    experiment_number text,
    path text NOT NULL,
    vendor text NOT NULL,
    digest text,
    nucleus text,
    experiment text,
    title text NOT NULL DEFAULT '',
    pulse_program text NOT NULL DEFAULT '',
    state text NOT NULL CHECK (state IN
        ('discovered', 'incomplete', 'ready', 'processing', 'done', 'failed', 'skipped')),
    reason text NOT NULL,
    overdue boolean NOT NULL DEFAULT false,
    attempts integer NOT NULL DEFAULT 0,
    failure_passes boolean NOT NULL DEFAULT false,
    due_at timestamptz NOT NULL DEFAULT now(),
    lease_token bigint,
    lease_worker text,
    lease_expires_at timestamptz,
    lease_proposals integer NOT NULL DEFAULT 0,
    last_written timestamptz,
    sighted_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    CHECK ((state = 'processing') = (lease_token IS NOT NULL AND lease_expires_at IS NOT NULL)),
    CHECK (digest IS NOT NULL OR state NOT IN ('ready', 'processing', 'done'))
);
COMMENT ON TABLE acquisitions IS 'Datasets. One with content is known by group and digest, one still without by instrument and path.';
COMMENT ON COLUMN acquisitions.id IS 'Identity (UUID version 7: sorts by time).';
COMMENT ON COLUMN acquisitions.instrument_id IS 'Instrument it was first found on.';
COMMENT ON COLUMN acquisitions.sample_id IS 'Sample it was measured of.';
COMMENT ON COLUMN acquisitions.group_name IS 'Group whose data it is (its sample''s).';
COMMENT ON COLUMN acquisitions.experiment_number IS 'Experiment number, where the vendor numbers them (Bruker expno).';
COMMENT ON COLUMN acquisitions.path IS 'Where it was seen last.';
COMMENT ON COLUMN acquisitions.vendor IS 'Vendor of the format.';
COMMENT ON COLUMN acquisitions.digest IS 'SHA-256 over its content, hex; null until it is complete.';
COMMENT ON COLUMN acquisitions.nucleus IS 'Observed nucleus, such as 13C.';
COMMENT ON COLUMN acquisitions.experiment IS 'Kind of experiment, such as 1D or DEPT135.';
COMMENT ON COLUMN acquisitions.title IS 'Title the operator gave it.';
COMMENT ON COLUMN acquisitions.pulse_program IS 'Pulse program as the vendor names it.';
COMMENT ON COLUMN acquisitions.state IS 'discovered, incomplete, ready, processing, done, failed or skipped.';
COMMENT ON COLUMN acquisitions.reason IS 'Why it is in this state, in words.';
COMMENT ON COLUMN acquisitions.overdue IS 'True when it should have been complete long ago.';
COMMENT ON COLUMN acquisitions.attempts IS 'How often a worker took it up.';
COMMENT ON COLUMN acquisitions.failure_passes IS 'True when it failed for a cause that may pass, such as a share that is away: seen complete again, it is processed again.';
COMMENT ON COLUMN acquisitions.due_at IS 'When a worker may take it up (later than now after a failure).';
COMMENT ON COLUMN acquisitions.lease_token IS 'Fencing token of the worker that has it.';
COMMENT ON COLUMN acquisitions.lease_worker IS 'The worker that has it, or had it last.';
COMMENT ON COLUMN acquisitions.lease_expires_at IS 'When another worker may take it over.';
COMMENT ON COLUMN acquisitions.lease_proposals IS 'samples.proposal_count when the lease was given.';
COMMENT ON COLUMN acquisitions.last_written IS 'When the spectrometer last wrote to it.';
COMMENT ON COLUMN acquisitions.sighted_at IS 'When Larmor first saw it.';
COMMENT ON COLUMN acquisitions.updated_at IS 'When its state last changed.';
COMMENT ON COLUMN acquisitions.finished_at IS 'When it was last done, failed or skipped.';

CREATE UNIQUE INDEX acquisitions_by_content ON acquisitions (group_name, digest)
    WHERE digest IS NOT NULL;
CREATE UNIQUE INDEX acquisitions_by_place ON acquisitions (instrument_id, path)
    WHERE digest IS NULL;
-- Never two of one sample at once: whatever a worker does, the second lease breaks this.
CREATE UNIQUE INDEX acquisitions_one_lease_a_sample ON acquisitions (sample_id)
    WHERE state = 'processing';
CREATE INDEX acquisitions_waiting ON acquisitions (due_at, id) WHERE state = 'ready';
CREATE INDEX acquisitions_stranded ON acquisitions (finished_at)
    WHERE state = 'failed' AND failure_passes;
CREATE INDEX acquisitions_of_sample ON acquisitions (sample_id);
CREATE INDEX acquisitions_of_instrument ON acquisitions (instrument_id, sighted_at);

CREATE TABLE acquisition_locations (
    acquisition_id uuid NOT NULL REFERENCES acquisitions ON DELETE CASCADE,
    instrument_id uuid NOT NULL REFERENCES instruments,
    path text NOT NULL,
    first_seen timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (acquisition_id, instrument_id, path)
);
COMMENT ON TABLE acquisition_locations IS 'Every place an acquisition with content was seen at: data are moved and copied.';
COMMENT ON COLUMN acquisition_locations.acquisition_id IS 'The acquisition.';
COMMENT ON COLUMN acquisition_locations.instrument_id IS 'Instrument under whose root the place lies.';
COMMENT ON COLUMN acquisition_locations.path IS 'The place.';
COMMENT ON COLUMN acquisition_locations.first_seen IS 'When it was first seen there.';
CREATE INDEX acquisition_locations_by_path ON acquisition_locations (instrument_id, path);

CREATE TABLE proposals (
    id uuid PRIMARY KEY,
    sample_id uuid NOT NULL REFERENCES samples,
    structure text NOT NULL,
    format text NOT NULL CHECK (format IN ('smiles', 'molblock')),
    name text,
    proposed_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE proposals IS 'Structures someone expects a sample to be.';
COMMENT ON COLUMN proposals.id IS 'Identity (UUID version 7: sorts by time).';
COMMENT ON COLUMN proposals.sample_id IS 'The sample.';
COMMENT ON COLUMN proposals.structure IS 'SMILES or mol block, as given.';
COMMENT ON COLUMN proposals.format IS 'smiles or molblock.';
COMMENT ON COLUMN proposals.name IS 'Name, where one was given.';
COMMENT ON COLUMN proposals.proposed_by IS 'Who proposed it: a file''s path, or a client.';
COMMENT ON COLUMN proposals.created_at IS 'When.';
-- A mol block may be longer than an index entry, hence its hash.
CREATE UNIQUE INDEX proposals_once ON proposals (sample_id, md5(structure));
