-- A sample stays one when its data are renamed or moved on disk; and people merge, split, rename and
-- delete samples.

ALTER TABLE samples
    ADD COLUMN merged_into uuid REFERENCES samples,
    ADD COLUMN deleted_at timestamptz,
    DROP CONSTRAINT samples_group_name_name_key;
COMMENT ON COLUMN samples.merged_into IS 'The sample that everything of it belongs to now; null while it is one of its own. Its earlier judgements stay here.';
COMMENT ON COLUMN samples.deleted_at IS 'When it was deleted with its spectra and judgements; null while it is there.';
COMMENT ON COLUMN samples.name IS 'Name, as the path rules of larmor.toml read it or as somebody renamed it; sample_names has all names that lead to it.';
CREATE UNIQUE INDEX samples_by_name ON samples (group_name, name)
    WHERE merged_into IS NULL AND deleted_at IS NULL;
CREATE INDEX samples_merged ON samples (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE sample_names (
    group_name text NOT NULL,
    name text NOT NULL,
    sample_id uuid NOT NULL REFERENCES samples,
    PRIMARY KEY (group_name, name)
);
COMMENT ON TABLE sample_names IS 'The names under which a path rule finds a sample. One that was renamed by a person keeps the name of its directory; merged ones have several.';
COMMENT ON COLUMN sample_names.group_name IS 'Group, as the path rule or the root tells it.';
COMMENT ON COLUMN sample_names.name IS 'Name, as the path rule reads it.';
COMMENT ON COLUMN sample_names.sample_id IS 'The sample that is meant.';
CREATE INDEX sample_names_of_sample ON sample_names (sample_id);
INSERT INTO sample_names (group_name, name, sample_id) SELECT group_name, name, id FROM samples;

-- What a path rule says of each place, and whether data still lie there.
ALTER TABLE acquisition_locations
    ADD COLUMN group_name text,
    ADD COLUMN sample text,
    ADD COLUMN gone_at timestamptz;
COMMENT ON COLUMN acquisition_locations.group_name IS 'Group of what lies there, by the path rule; null of places not seen since migration 18.';
COMMENT ON COLUMN acquisition_locations.sample IS 'Name of the sample that lies there, by the path rule; null of places not seen since migration 18.';
COMMENT ON COLUMN acquisition_locations.gone_at IS 'When it was found to lie there no more; null while it does.';

ALTER TABLE acquisitions ADD COLUMN copy_of uuid REFERENCES acquisitions;
COMMENT ON COLUMN acquisitions.copy_of IS 'The acquisition whose data lie here too, in a directory of another sample: this one is skipped.';
CREATE INDEX acquisitions_by_digest ON acquisitions (digest) WHERE digest IS NOT NULL;
CREATE INDEX acquisitions_copies ON acquisitions (copy_of) WHERE copy_of IS NOT NULL;

CREATE TABLE sample_changes (
    id uuid PRIMARY KEY,
    sample_id uuid NOT NULL REFERENCES samples,
    change text NOT NULL CHECK (change IN ('moved', 'renamed', 'merged', 'split', 'deleted')),
    changed_by text,
    group_name text NOT NULL,
    name text NOT NULL,
    into_group text,
    into_name text,
    into_sample uuid REFERENCES samples,
    acquisitions uuid[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE sample_changes IS 'What happened to samples as such: none is ever changed or removed.';
COMMENT ON COLUMN sample_changes.id IS 'Identity (UUID version 7: sorts by time).';
COMMENT ON COLUMN sample_changes.sample_id IS 'The sample.';
COMMENT ON COLUMN sample_changes.change IS 'moved: its data, or some, lie in another directory; renamed; merged into another; split: some acquisitions went to another; deleted.';
COMMENT ON COLUMN sample_changes.changed_by IS 'Who did it; null where Larmor followed the data on disk.';
COMMENT ON COLUMN sample_changes.group_name IS 'Group before.';
COMMENT ON COLUMN sample_changes.name IS 'Name before.';
COMMENT ON COLUMN sample_changes.into_group IS 'Group of the sample it is now, or that acquisitions went to; null when it was deleted.';
COMMENT ON COLUMN sample_changes.into_name IS 'Name of it.';
COMMENT ON COLUMN sample_changes.into_sample IS 'The sample itself, where that is another.';
COMMENT ON COLUMN sample_changes.acquisitions IS 'The acquisitions that went; empty where all did.';
COMMENT ON COLUMN sample_changes.created_at IS 'When.';
CREATE INDEX sample_changes_of_sample ON sample_changes (sample_id, id);

COMMENT ON COLUMN events.kind IS 'discovered, incomplete, skipped, failed, vanished, superseded, moved, processed or elucidated.';

-- What was merged or deleted has no judgement that stands.
CREATE OR REPLACE VIEW latest_elucidation AS
SELECT s.group_name, s.name AS sample, i.name AS instrument, e.id AS elucidation_id,
       e.sample_id, e.revision, e.verdict, e.reasons, e.considered, e.model_digest, e.created_at,
       c.name AS best_name, c.smiles AS best_smiles, c.inchikey AS best_inchikey,
       c.formula AS best_formula, c.source AS best_source, c.score AS best_score,
       c.probability AS best_probability, e.verdict_probability, e.components, e.unexplained
FROM (SELECT DISTINCT ON (sample_id) * FROM elucidations
      ORDER BY sample_id, revision DESC) AS e
JOIN samples s ON s.id = e.sample_id AND s.merged_into IS NULL
JOIN acquisitions a ON a.id = e.acquisition_id
JOIN instruments i ON i.id = a.instrument_id
LEFT JOIN candidates c ON c.elucidation_id = e.id AND c.rank = 1;

DO $$
BEGIN
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO larmor_reader;
EXCEPTION WHEN undefined_object OR insufficient_privilege THEN
    RAISE NOTICE 'nothing was granted to larmor_reader: %', SQLERRM;
END $$;
