-- What people ask most, ready to be queried, and a role that may only read.

CREATE VIEW latest_elucidation AS
SELECT s.group_name, s.name AS sample, i.name AS instrument, e.id AS elucidation_id,
       e.sample_id, e.revision, e.verdict, e.reasons, e.considered, e.model_digest, e.created_at,
       c.name AS best_name, c.smiles AS best_smiles, c.inchikey AS best_inchikey,
       c.formula AS best_formula, c.source AS best_source, c.score AS best_score,
       c.probability AS best_probability
FROM (SELECT DISTINCT ON (sample_id) * FROM elucidations
      ORDER BY sample_id, revision DESC) AS e
JOIN samples s ON s.id = e.sample_id
JOIN acquisitions a ON a.id = e.acquisition_id
JOIN instruments i ON i.id = a.instrument_id
LEFT JOIN candidates c ON c.elucidation_id = e.id AND c.rank = 1;
COMMENT ON VIEW latest_elucidation IS 'The judgement that stands for each sample, with its best candidate.';
COMMENT ON COLUMN latest_elucidation.group_name IS 'Group whose sample it is.';
COMMENT ON COLUMN latest_elucidation.sample IS 'Name of the sample.';
COMMENT ON COLUMN latest_elucidation.instrument IS 'Instrument of the acquisition that led to it.';
COMMENT ON COLUMN latest_elucidation.elucidation_id IS 'The judgement.';
COMMENT ON COLUMN latest_elucidation.sample_id IS 'The sample.';
COMMENT ON COLUMN latest_elucidation.revision IS 'How often the sample has been judged.';
COMMENT ON COLUMN latest_elucidation.verdict IS 'consistent, inconsistent or inconclusive.';
COMMENT ON COLUMN latest_elucidation.reasons IS 'Why, in words for a chemist.';
COMMENT ON COLUMN latest_elucidation.considered IS 'How many candidates were scored.';
COMMENT ON COLUMN latest_elucidation.model_digest IS 'SHA-256 of the weights that predicted, hex.';
COMMENT ON COLUMN latest_elucidation.created_at IS 'When it was committed.';
COMMENT ON COLUMN latest_elucidation.best_name IS 'Name of the best candidate.';
COMMENT ON COLUMN latest_elucidation.best_smiles IS 'SMILES of the best candidate.';
COMMENT ON COLUMN latest_elucidation.best_inchikey IS 'InChIKey of the best candidate.';
COMMENT ON COLUMN latest_elucidation.best_formula IS 'Formula of the best candidate.';
COMMENT ON COLUMN latest_elucidation.best_source IS 'Where the best candidate came from.';
COMMENT ON COLUMN latest_elucidation.best_score IS 'Log-likelihood of the best candidate.';
COMMENT ON COLUMN latest_elucidation.best_probability IS 'Probability of the best candidate.';

CREATE VIEW assignment_history AS
SELECT s.group_name, s.name AS sample, e.sample_id, e.id AS elucidation_id, e.revision,
       e.revision = max(e.revision) OVER (PARTITION BY e.sample_id) AS is_latest,
       c.rank, c.smiles, c.inchikey, c.name, pa.nucleus, pa.atom, pa.observed_ppm,
       pa.predicted_ppm, pa.observed_ppm - pa.predicted_ppm AS difference_ppm,
       pa.probability, pa.peak_id, e.model_digest, e.created_at
FROM peak_assignments pa
JOIN candidates c ON c.id = pa.candidate_id
JOIN elucidations e ON e.id = c.elucidation_id
JOIN samples s ON s.id = e.sample_id;
COMMENT ON VIEW assignment_history IS 'Every assignment of every judgement: how the reading of a sample changed, and by which model.';
COMMENT ON COLUMN assignment_history.group_name IS 'Group whose sample it is.';
COMMENT ON COLUMN assignment_history.sample IS 'Name of the sample.';
COMMENT ON COLUMN assignment_history.sample_id IS 'The sample.';
COMMENT ON COLUMN assignment_history.elucidation_id IS 'The judgement.';
COMMENT ON COLUMN assignment_history.revision IS 'Its revision.';
COMMENT ON COLUMN assignment_history.is_latest IS 'True for the judgement that stands, of those that assigned anything.';
COMMENT ON COLUMN assignment_history.rank IS 'Rank of the candidate, 1 is best.';
COMMENT ON COLUMN assignment_history.smiles IS 'SMILES of the candidate.';
COMMENT ON COLUMN assignment_history.inchikey IS 'InChIKey of the candidate.';
COMMENT ON COLUMN assignment_history.name IS 'Name of the candidate.';
COMMENT ON COLUMN assignment_history.nucleus IS 'Observed nucleus: 13C or 1H.';
COMMENT ON COLUMN assignment_history.atom IS '0-based atom index in the SMILES.';
COMMENT ON COLUMN assignment_history.observed_ppm IS 'Observed shift, ppm.';
COMMENT ON COLUMN assignment_history.predicted_ppm IS 'Shift the network expected, ppm.';
COMMENT ON COLUMN assignment_history.difference_ppm IS 'Observed less predicted, ppm.';
COMMENT ON COLUMN assignment_history.probability IS 'Posterior probability that the peak is this atom''s.';
COMMENT ON COLUMN assignment_history.peak_id IS 'The peak, where it is one peak.';
COMMENT ON COLUMN assignment_history.model_digest IS 'SHA-256 of the weights that predicted, hex.';
COMMENT ON COLUMN assignment_history.created_at IS 'When the judgement was committed.';

CREATE VIEW instrument_activity AS
SELECT i.name AS instrument, (a.sighted_at AT TIME ZONE 'UTC')::date AS day,
       count(*) AS acquisitions,
       count(*) FILTER (WHERE a.state = 'done') AS done,
       count(*) FILTER (WHERE a.state = 'failed') AS failed,
       count(*) FILTER (WHERE a.state = 'skipped') AS skipped,
       count(*) FILTER (WHERE a.state IN ('discovered', 'incomplete', 'ready', 'processing'))
           AS under_way,
       max(a.sighted_at) AS last_sighted,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM
           a.finished_at - greatest(a.sighted_at, a.last_written)))
           FILTER (WHERE a.state = 'done') AS median_seconds_to_result
FROM acquisitions a
JOIN instruments i ON i.id = a.instrument_id
GROUP BY i.name, day;
COMMENT ON VIEW instrument_activity IS 'What each instrument delivered each day (UTC) and what came of it.';
COMMENT ON COLUMN instrument_activity.instrument IS 'Name of the instrument.';
COMMENT ON COLUMN instrument_activity.day IS 'Day (UTC) the acquisitions were first seen.';
COMMENT ON COLUMN instrument_activity.acquisitions IS 'Acquisitions first seen that day.';
COMMENT ON COLUMN instrument_activity.done IS 'Of these, processed.';
COMMENT ON COLUMN instrument_activity.failed IS 'Of these, failed.';
COMMENT ON COLUMN instrument_activity.skipped IS 'Of these, skipped.';
COMMENT ON COLUMN instrument_activity.under_way IS 'Of these, not yet at an end.';
COMMENT ON COLUMN instrument_activity.last_sighted IS 'When the last of them was first seen.';
COMMENT ON COLUMN instrument_activity.median_seconds_to_result IS 'Median seconds from the last write (or the first sight, if later) to the result.';

-- Roles belong to the whole server: another database may have made it, and a hosted server may
-- not let us. Neither keeps Larmor from working.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'larmor_reader') THEN
        CREATE ROLE larmor_reader NOLOGIN;
        COMMENT ON ROLE larmor_reader IS 'May read everything Larmor knows: GRANT larmor_reader TO someone.';
    END IF;
EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN
    RAISE NOTICE 'role larmor_reader was not made: %', SQLERRM;
END $$;
DO $$
BEGIN
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO larmor_reader;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO larmor_reader;
EXCEPTION WHEN undefined_object OR insufficient_privilege THEN
    RAISE NOTICE 'nothing was granted to larmor_reader: %', SQLERRM;
END $$;
