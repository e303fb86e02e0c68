-- What chemists say of a judgement, and proposals that are taken back.

ALTER TABLE proposals ADD COLUMN withdrawn_at timestamptz;
COMMENT ON COLUMN proposals.withdrawn_at IS 'When it was taken back; null while it stands.';

CREATE TABLE reviews (
    id uuid PRIMARY KEY,
    sample_id uuid NOT NULL REFERENCES samples,
    elucidation_id uuid NOT NULL REFERENCES elucidations,
    reviewed_by text NOT NULL,
    decision text NOT NULL CHECK (decision IN ('confirmed', 'rejected', 'open')),
    smiles text,
    inchikey text,
    note text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((smiles IS NULL) = (inchikey IS NULL))
);
COMMENT ON TABLE reviews IS 'What chemists decided of judgements. None is ever changed: a later review of a sample stands beside the earlier ones, and no judgement of the program touches any.';
COMMENT ON COLUMN reviews.id IS 'Identity (UUID version 7: sorts by time).';
COMMENT ON COLUMN reviews.sample_id IS 'The sample.';
COMMENT ON COLUMN reviews.elucidation_id IS 'The judgement that was looked at.';
COMMENT ON COLUMN reviews.reviewed_by IS 'Who decided.';
COMMENT ON COLUMN reviews.decision IS 'confirmed: the structure is right; rejected: it is not; open: neither, a note or corrected assignments only.';
COMMENT ON COLUMN reviews.smiles IS 'The structure that the decision is on, as a SMILES whose atoms review_assignments counts; null where none was named.';
COMMENT ON COLUMN reviews.inchikey IS 'Its InChIKey.';
COMMENT ON COLUMN reviews.note IS 'Words.';
COMMENT ON COLUMN reviews.created_at IS 'When.';
CREATE INDEX reviews_of_sample ON reviews (sample_id, id);

CREATE TABLE review_assignments (
    review_id uuid NOT NULL REFERENCES reviews,
    nucleus text NOT NULL CHECK (nucleus IN ('13C', '1H')),
    atom integer NOT NULL CHECK (atom >= 0),
    ppm double precision NOT NULL,
    PRIMARY KEY (review_id, nucleus, atom, ppm)
);
COMMENT ON TABLE review_assignments IS 'Assignments as a chemist corrected or confirmed them.';
COMMENT ON COLUMN review_assignments.review_id IS 'The review.';
COMMENT ON COLUMN review_assignments.nucleus IS 'Observed nucleus: 13C or 1H.';
COMMENT ON COLUMN review_assignments.atom IS '0-based atom index in the review''s SMILES.';
COMMENT ON COLUMN review_assignments.ppm IS 'Observed shift, ppm.';

DO $$
BEGIN
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO larmor_reader;
EXCEPTION WHEN undefined_object OR insufficient_privilege THEN
    RAISE NOTICE 'nothing was granted to larmor_reader: %', SQLERRM;
END $$;
