-- Samples are found by their structures; which candidate a verdict is on is kept; a signal may be no
-- atom's; skipped datasets are looked at again when somebody asks; and what the page asks of
-- instruments all the time is read from indexes.

-- The structures of a sample: the best candidate of the judgement that stands and those proposed,
-- whether judged yet or not, and those that a chemist confirmed.
ALTER TABLE proposals ADD COLUMN inchikey text, ADD COLUMN formula text;
COMMENT ON COLUMN proposals.inchikey IS 'Full InChIKey; null where InChI has none, and of those proposed before migration 14.';
COMMENT ON COLUMN proposals.formula IS 'Molecular formula in Hill order; null of those proposed before migration 14.';
ALTER TABLE reviews ADD COLUMN formula text;
COMMENT ON COLUMN reviews.formula IS 'Molecular formula of the structure in Hill order; null where none was named.';
UPDATE reviews SET formula = (SELECT c.formula FROM candidates c
                              WHERE c.inchikey = reviews.inchikey LIMIT 1);
-- The keys are compared byte by byte: the beginning of one finds it.
CREATE INDEX candidates_found_by_formula ON candidates (formula)
    WHERE rank = 1 OR source = 'proposed';
CREATE INDEX candidates_found_by_inchikey ON candidates (inchikey text_pattern_ops)
    WHERE rank = 1 OR source = 'proposed';
CREATE INDEX proposals_found_by_formula ON proposals (formula) WHERE withdrawn_at IS NULL;
CREATE INDEX proposals_found_by_inchikey ON proposals (inchikey text_pattern_ops)
    WHERE withdrawn_at IS NULL;
CREATE INDEX reviews_found_by_formula ON reviews (formula) WHERE decision = 'confirmed';
CREATE INDEX reviews_found_by_inchikey ON reviews (inchikey text_pattern_ops)
    WHERE decision = 'confirmed';


CREATE VIEW sample_structures AS
SELECT e.sample_id, CASE WHEN c.rank = 1 THEN 'best' ELSE 'proposed' END AS why,
       c.smiles AS structure, 'smiles' AS format, c.inchikey, c.formula
FROM candidates c JOIN elucidations e ON e.id = c.elucidation_id
WHERE (c.rank = 1 OR c.source = 'proposed')
  AND NOT EXISTS (SELECT FROM elucidations n WHERE n.supersedes = e.id)
UNION ALL
SELECT p.sample_id, 'proposed', p.structure, p.format, p.inchikey, p.formula
FROM proposals p WHERE p.withdrawn_at IS NULL
UNION ALL
SELECT r.sample_id, 'confirmed', r.smiles, 'smiles', r.inchikey, r.formula
FROM reviews r
WHERE r.decision = 'confirmed' AND r.smiles IS NOT NULL
  AND NOT EXISTS (SELECT FROM reviews l WHERE l.sample_id = r.sample_id AND l.id > r.id
                  AND l.inchikey = r.inchikey AND l.decision = 'rejected');
COMMENT ON VIEW sample_structures IS 'The structures that each sample is found by: one row each, the same structure perhaps in several.';
COMMENT ON COLUMN sample_structures.sample_id IS 'The sample.';
COMMENT ON COLUMN sample_structures.why IS 'best: the best candidate of the judgement that stands; proposed: somebody proposed it, and it was judged or is to be; confirmed: a chemist confirmed it, and none rejected it later.';
COMMENT ON COLUMN sample_structures.structure IS 'The structure, as it was given.';
COMMENT ON COLUMN sample_structures.format IS 'smiles or molblock.';
COMMENT ON COLUMN sample_structures.inchikey IS 'Full InChIKey, where it is known.';
COMMENT ON COLUMN sample_structures.formula IS 'Molecular formula in Hill order, where it is known.';

ALTER TABLE candidates ADD COLUMN judged boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN candidates.judged IS 'True for the candidate that the verdict is on; false for all of a judgement from before migration 14.';

-- A primary key would make the atom necessary.
ALTER TABLE review_assignments
    DROP CONSTRAINT review_assignments_pkey,
    ALTER COLUMN atom DROP NOT NULL;
CREATE UNIQUE INDEX review_assignments_once
    ON review_assignments (review_id, nucleus, ppm, (coalesce(atom, -1)));
COMMENT ON COLUMN review_assignments.atom IS '0-based atom index in the review''s SMILES; null where the chemist says that the signal is no atom''s of the structure.';

ALTER TABLE acquisitions ADD COLUMN look_again boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN acquisitions.look_again IS 'True when somebody asked that a dataset which was skipped, or failed before a worker had it, be looked at again; false once the watcher has.';
CREATE INDEX acquisitions_to_look_at ON acquisitions (instrument_id) WHERE look_again;

CREATE INDEX acquisitions_last_written ON acquisitions (instrument_id, last_written);
CREATE INDEX acquisitions_finished ON acquisitions (finished_at);
CREATE INDEX acquisitions_under_way ON acquisitions (instrument_id)
    WHERE state IN ('discovered', 'incomplete', 'ready', 'processing');

DO $$
BEGIN
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO larmor_reader;
EXCEPTION WHEN undefined_object OR insufficient_privilege THEN
    RAISE NOTICE 'nothing was granted to larmor_reader: %', SQLERRM;
END $$;
