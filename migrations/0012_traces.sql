-- The points of each spectrum, to be drawn also when the data are in the archive.

CREATE TABLE spectrum_traces (
    acquisition_id uuid PRIMARY KEY REFERENCES acquisitions,
    spectrum_id uuid NOT NULL UNIQUE REFERENCES spectra,
    points integer NOT NULL CHECK (points >= 0),
    first_ppm double precision NOT NULL,
    step_ppm double precision NOT NULL CHECK (step_ppm > 0),
    unit double precision NOT NULL CHECK (unit > 0),
    packed bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
-- They are packed already.
ALTER TABLE spectrum_traces ALTER COLUMN packed SET STORAGE EXTERNAL;
COMMENT ON TABLE spectrum_traces IS 'The points of the latest spectrum of each acquisition: GetTrace reads them.';
COMMENT ON COLUMN spectrum_traces.acquisition_id IS 'The acquisition.';
COMMENT ON COLUMN spectrum_traces.spectrum_id IS 'Its latest spectrum.';
COMMENT ON COLUMN spectrum_traces.points IS 'How many there are.';
COMMENT ON COLUMN spectrum_traces.first_ppm IS 'Shift of the first point, ppm.';
COMMENT ON COLUMN spectrum_traces.step_ppm IS 'From one point to the next, ppm.';
COMMENT ON COLUMN spectrum_traces.unit IS 'Height of one step, relative to the tallest compound peak: an eighth of the noise''s standard deviation.';
COMMENT ON COLUMN spectrum_traces.packed IS 'Heights in steps: differences from point to point (zigzag, seven bits a byte, the lowest first), deflated.';
COMMENT ON COLUMN spectrum_traces.created_at IS 'When it was written.';

DO $$
BEGIN
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO larmor_reader;
EXCEPTION WHEN undefined_object OR insufficient_privilege THEN
    RAISE NOTICE 'nothing was granted to larmor_reader: %', SQLERRM;
END $$;
