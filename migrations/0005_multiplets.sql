-- What the FID engine tells beyond lines: standard errors, splittings, 1H multiplets, and how far
-- a spectrum can be trusted. Rows from before keep nulls where nobody had told.

ALTER TABLE spectra
    ADD COLUMN origin text NOT NULL DEFAULT 'acquired' CHECK (origin IN ('acquired', 'spectrum')),
    ADD COLUMN quality double precision CHECK (quality BETWEEN 0 AND 1),
    ADD COLUMN quality_reasons text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN spectra.origin IS 'What its FID was: acquired by the receiver, or calculated back from a spectrum that somebody had processed.';
COMMENT ON COLUMN spectra.quality IS 'How far it can be trusted, from 0 (worthless) to 1 (nothing to complain of); null before Larmor judged it.';
COMMENT ON COLUMN spectra.quality_reasons IS 'What lowered the quality, the gravest first, in words for the chemist.';

ALTER TABLE peaks
    ADD COLUMN ppm_error double precision,
    ADD COLUMN width_error_hz double precision,
    ADD COLUMN area_error double precision,
    ADD COLUMN split_by text,
    ADD COLUMN split_lines smallint,
    ADD COLUMN split_hz double precision,
    ADD CHECK (num_nulls(ppm_error, width_error_hz, area_error) IN (0, 3)),
    ADD CHECK (num_nulls(split_by, split_lines, split_hz) IN (0, 3)),
    DROP CONSTRAINT peaks_class_check,
    ADD CONSTRAINT peaks_class_check CHECK (class IN
        ('compound', 'solvent', 'impurity', 'satellite', 'sideband', 'artifact'));
COMMENT ON COLUMN peaks.ppm_error IS 'Standard error of the shift, ppm; null where no line was fitted.';
COMMENT ON COLUMN peaks.width_error_hz IS 'Standard error of the width, Hz; null where no line was fitted.';
COMMENT ON COLUMN peaks.area_error IS 'Standard error of the area, in its unit; null where no line was fitted.';
COMMENT ON COLUMN peaks.split_by IS 'Nucleus that splits the 13C line and is not decoupled: 19F, 31P, 2H; null where none does.';
COMMENT ON COLUMN peaks.split_lines IS 'Lines that were taken together into this peak: 2 for a doublet, 4 for a quartet.';
COMMENT ON COLUMN peaks.split_hz IS 'Coupling constant of the splitting, Hz.';
COMMENT ON COLUMN peaks.class IS 'What it is taken to be: compound, solvent, impurity, satellite, sideband or artifact.';

CREATE TABLE multiplets (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    spectrum_id uuid NOT NULL REFERENCES spectra,
    position integer NOT NULL,
    ppm double precision NOT NULL,
    from_ppm double precision NOT NULL,
    to_ppm double precision NOT NULL,
    area double precision NOT NULL,
    hydrogens integer,
    pattern text NOT NULL,
    couplings_hz double precision[] NOT NULL,
    class text NOT NULL CHECK (class IN
        ('compound', 'solvent', 'impurity', 'satellite', 'sideband', 'artifact')),
    UNIQUE (spectrum_id, position)
);
COMMENT ON TABLE multiplets IS '1H multiplets: lines of one kind of hydrogen, taken together.';
COMMENT ON COLUMN multiplets.id IS 'Identity.';
COMMENT ON COLUMN multiplets.spectrum_id IS 'The spectrum it was found in.';
COMMENT ON COLUMN multiplets.position IS 'Its place in the spectrum''s list, from 0.';
COMMENT ON COLUMN multiplets.ppm IS 'Centre, ppm.';
COMMENT ON COLUMN multiplets.from_ppm IS 'Lower end of the region it fills, ppm.';
COMMENT ON COLUMN multiplets.to_ppm IS 'Upper end of the region it fills, ppm.';
COMMENT ON COLUMN multiplets.area IS 'Integral over the region, relative to the sum over compound multiplets.';
COMMENT ON COLUMN multiplets.hydrogens IS 'How many hydrogens its integral stands for; null where the spectrum does not tell.';
COMMENT ON COLUMN multiplets.pattern IS 'Pattern as chemists write it: s, d, t, q, dd, ddd, dt ...; m where no first-order pattern explains the lines.';
COMMENT ON COLUMN multiplets.couplings_hz IS 'Coupling constants, Hz, largest first; empty for s and m.';
COMMENT ON COLUMN multiplets.class IS 'What it is taken to be: compound, solvent, impurity, satellite, sideband or artifact.';
CREATE INDEX multiplets_by_shift ON multiplets (ppm) WHERE class = 'compound';

CREATE TABLE multiplet_peaks (
    multiplet_id bigint NOT NULL REFERENCES multiplets,
    peak_id bigint NOT NULL REFERENCES peaks,
    PRIMARY KEY (multiplet_id, peak_id)
);
COMMENT ON TABLE multiplet_peaks IS 'Which lines make a multiplet.';
COMMENT ON COLUMN multiplet_peaks.multiplet_id IS 'The multiplet.';
COMMENT ON COLUMN multiplet_peaks.peak_id IS 'A line of it.';
CREATE INDEX multiplet_peaks_of_peak ON multiplet_peaks (peak_id);

ALTER TABLE peak_assignments ADD COLUMN multiplet_id bigint REFERENCES multiplets;
COMMENT ON COLUMN peak_assignments.multiplet_id IS 'The 1H multiplet whose centre the observed shift is; null for one peak.';
COMMENT ON COLUMN peak_assignments.peak_id IS 'The peak; null where the observed shift is the centre of a multiplet of several lines.';
CREATE INDEX peak_assignments_of_multiplet ON peak_assignments (multiplet_id);

ALTER TABLE acquisitions ADD COLUMN judge_only boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN acquisitions.judge_only IS 'True when it waits for a new judgement of its sample alone: its stored spectrum is taken as it is, where this version of the processing made it.';

CREATE VIEW coupling_history AS
SELECT s.group_name, s.name AS sample, i.name AS instrument, sp.frequency_mhz, sp.solvent,
       m.ppm, m.pattern, j.number::integer AS number, j.coupling_hz, m.hydrogens, m.class,
       sp.quality, sp.id AS spectrum_id, m.id AS multiplet_id, sp.acquisition_id,
       coalesce(a.last_written, a.sighted_at) AS acquired_at, sp.created_at
FROM multiplets m
CROSS JOIN LATERAL unnest(m.couplings_hz) WITH ORDINALITY AS j (coupling_hz, number)
JOIN spectra sp ON sp.id = m.spectrum_id
JOIN acquisitions a ON a.id = sp.acquisition_id
JOIN instruments i ON i.id = a.instrument_id
JOIN samples s ON s.id = sp.sample_id;
COMMENT ON VIEW coupling_history IS 'Every coupling constant of every 1H spectrum: one row each.';
COMMENT ON COLUMN coupling_history.group_name IS 'Group whose sample it is.';
COMMENT ON COLUMN coupling_history.sample IS 'Name of the sample.';
COMMENT ON COLUMN coupling_history.instrument IS 'Instrument that acquired it.';
COMMENT ON COLUMN coupling_history.frequency_mhz IS 'Spectrometer frequency of the nucleus, MHz.';
COMMENT ON COLUMN coupling_history.solvent IS 'Solvent, where known.';
COMMENT ON COLUMN coupling_history.ppm IS 'Centre of the multiplet, ppm.';
COMMENT ON COLUMN coupling_history.pattern IS 'Pattern of the multiplet.';
COMMENT ON COLUMN coupling_history.number IS 'Which of the multiplet''s couplings, 1 is the largest.';
COMMENT ON COLUMN coupling_history.coupling_hz IS 'Coupling constant J, Hz.';
COMMENT ON COLUMN coupling_history.hydrogens IS 'How many hydrogens the multiplet stands for, where known.';
COMMENT ON COLUMN coupling_history.class IS 'What the multiplet is taken to be.';
COMMENT ON COLUMN coupling_history.quality IS 'How far the spectrum can be trusted, 0 to 1.';
COMMENT ON COLUMN coupling_history.spectrum_id IS 'The spectrum.';
COMMENT ON COLUMN coupling_history.multiplet_id IS 'The multiplet.';
COMMENT ON COLUMN coupling_history.acquisition_id IS 'The acquisition.';
COMMENT ON COLUMN coupling_history.acquired_at IS 'When the spectrometer last wrote to it, else when Larmor first saw it.';
COMMENT ON COLUMN coupling_history.created_at IS 'When the spectrum was committed: processing again adds another.';

-- The default privileges of migration 4 hold for the role that ran it alone.
DO $$
BEGIN
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO larmor_reader;
EXCEPTION WHEN undefined_object OR insufficient_privilege THEN
    RAISE NOTICE 'nothing was granted to larmor_reader: %', SQLERRM;
END $$;
