-- What a candidate's score is made of.
ALTER TABLE candidates ADD COLUMN parts jsonb NOT NULL DEFAULT '{}'::jsonb
    CHECK (jsonb_typeof(parts) = 'object');
COMMENT ON COLUMN candidates.parts IS 'What the score is made of, by name: 13C shifts and 1H shifts (log-likelihoods), 13C similarity and 1H similarity (dot products of ACML), match (log-odds of SpecMol); the latter before they are weighted.';
