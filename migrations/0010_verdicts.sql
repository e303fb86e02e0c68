-- What a judgement says beyond its ranking: verdicts of a search, how sure the verdict is, what is
-- in the tube and what nothing explains. Judgements from before have none of it.

ALTER TABLE elucidations
    DROP CONSTRAINT elucidations_verdict_check,
    ADD CONSTRAINT elucidations_verdict_check CHECK (verdict IN
        ('consistent', 'inconsistent', 'inconclusive', 'best_match', 'none_fits')),
    ADD COLUMN verdict_probability double precision CHECK (verdict_probability BETWEEN 0 AND 1),
    ADD COLUMN components jsonb NOT NULL DEFAULT '[]'::jsonb
        CHECK (jsonb_typeof(components) = 'array'),
    ADD COLUMN unexplained jsonb NOT NULL DEFAULT '[]'::jsonb
        CHECK (jsonb_typeof(unexplained) = 'array');
COMMENT ON COLUMN elucidations.verdict IS 'Of a proposed structure consistent, inconsistent or inconclusive; of a search best_match, none_fits or inconclusive. Before migration 10 a search had the verdicts of a proposed structure.';
COMMENT ON COLUMN elucidations.verdict_probability IS 'Probability that the structure which the verdict is on is right, were it as likely as not one of its realistic alternatives, 0 to 1; null where nothing was weighed.';
COMMENT ON COLUMN elucidations.components IS 'What is in the tube beside solvent and reference, where more than the judged structure was found or its purity is known: objects of name, judged, mol_percent, mol_percent_error, carbon_ppm and proton_ppm; the view sample_components has a row for each.';
COMMENT ON COLUMN elucidations.unexplained IS 'Signals that no component explains: objects of nucleus, ppm and hydrogens (by the integral; null of 13C).';

CREATE OR REPLACE VIEW latest_elucidation AS
SELECT s.group_name, s.name AS sample, i.name AS instrument, e.id AS elucidation_id,
       e.sample_id, e.revision, e.verdict, e.reasons, e.considered, e.model_digest, e.created_at,
       c.name AS best_name, c.smiles AS best_smiles, c.inchikey AS best_inchikey,
       c.formula AS best_formula, c.source AS best_source, c.score AS best_score,
       c.probability AS best_probability, e.verdict_probability, e.components, e.unexplained
FROM (SELECT DISTINCT ON (sample_id) * FROM elucidations
      ORDER BY sample_id, revision DESC) AS e
JOIN samples s ON s.id = e.sample_id
JOIN acquisitions a ON a.id = e.acquisition_id
JOIN instruments i ON i.id = a.instrument_id
LEFT JOIN candidates c ON c.elucidation_id = e.id AND c.rank = 1;
COMMENT ON COLUMN latest_elucidation.verdict IS 'Of a proposed structure consistent, inconsistent or inconclusive; of a search best_match, none_fits or inconclusive.';
COMMENT ON COLUMN latest_elucidation.verdict_probability IS 'Probability that the structure which the verdict is on is right, 0 to 1; null where nothing was weighed.';
COMMENT ON COLUMN latest_elucidation.components IS 'What is in the tube, as elucidations.components.';
COMMENT ON COLUMN latest_elucidation.unexplained IS 'Signals that no component explains, as elucidations.unexplained.';

CREATE VIEW sample_components AS
SELECT l.group_name, l.sample, c.number::integer AS number, c.name, c.judged, c.mol_percent,
       c.mol_percent_error, coalesce(c.carbon_ppm, '{}') AS carbon_ppm,
       coalesce(c.proton_ppm, '{}') AS proton_ppm, l.sample_id, l.elucidation_id, l.revision,
       l.created_at
FROM latest_elucidation l
CROSS JOIN LATERAL ROWS FROM (jsonb_to_recordset(l.components) AS (
    name text, judged boolean, mol_percent double precision, mol_percent_error double precision,
    carbon_ppm double precision[], proton_ppm double precision[])) WITH ORDINALITY
    AS c (name, judged, mol_percent, mol_percent_error, carbon_ppm, proton_ppm, number);
COMMENT ON VIEW sample_components IS 'What is in each tube by the judgement that stands: one row a component.';
COMMENT ON COLUMN sample_components.group_name IS 'Group whose sample it is.';
COMMENT ON COLUMN sample_components.sample IS 'Name of the sample.';
COMMENT ON COLUMN sample_components.number IS 'Its place among the components of the judgement, from 1.';
COMMENT ON COLUMN sample_components.name IS 'Name of a common impurity, or the SMILES of a candidate.';
COMMENT ON COLUMN sample_components.judged IS 'True for the structure that the verdict is on.';
COMMENT ON COLUMN sample_components.mol_percent IS 'Share of all components, mol-%, by the integrals of 1H; null where they do not tell.';
COMMENT ON COLUMN sample_components.mol_percent_error IS 'Standard error of the share, mol-%.';
COMMENT ON COLUMN sample_components.carbon_ppm IS 'Shifts of its 13C lines, ppm; empty for the judged structure, of which assignments tell.';
COMMENT ON COLUMN sample_components.proton_ppm IS 'The same of 1H.';
COMMENT ON COLUMN sample_components.sample_id IS 'The sample.';
COMMENT ON COLUMN sample_components.elucidation_id IS 'The judgement.';
COMMENT ON COLUMN sample_components.revision IS 'Its revision.';
COMMENT ON COLUMN sample_components.created_at IS 'When the judgement was committed.';

-- The default privileges of migration 4 hold for the role that ran it alone.
DO $$
BEGIN
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO larmor_reader;
EXCEPTION WHEN undefined_object OR insufficient_privilege THEN
    RAISE NOTICE 'nothing was granted to larmor_reader: %', SQLERRM;
END $$;
