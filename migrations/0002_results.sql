-- What came of processing: spectra, peaks, judgements, candidates, assignments.

CREATE TABLE spectra (
    id uuid PRIMARY KEY,
    acquisition_id uuid NOT NULL REFERENCES acquisitions,
    sample_id uuid NOT NULL REFERENCES samples,
    nucleus text NOT NULL,
    experiment text NOT NULL,
    frequency_mhz double precision NOT NULL,
    solvent text,
    noise double precision NOT NULL,
    referencing jsonb NOT NULL,
    processing jsonb NOT NULL,
    read_ms double precision NOT NULL,
    process_ms double precision NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE spectra IS 'Processed spectra; processing an acquisition again adds another.';
COMMENT ON COLUMN spectra.id IS 'Identity (UUID version 7: sorts by time).';
COMMENT ON COLUMN spectra.acquisition_id IS 'The acquisition it was made from.';
COMMENT ON COLUMN spectra.sample_id IS 'The sample measured (its acquisition''s).';
COMMENT ON COLUMN spectra.nucleus IS 'Observed nucleus, such as 13C.';
COMMENT ON COLUMN spectra.experiment IS 'Kind of experiment, such as 1D or DEPT135.';
COMMENT ON COLUMN spectra.frequency_mhz IS 'Spectrometer frequency of the nucleus, MHz.';
COMMENT ON COLUMN spectra.solvent IS 'Solvent, where known.';
COMMENT ON COLUMN spectra.noise IS 'Standard deviation of the noise, relative to the tallest compound peak.';
COMMENT ON COLUMN spectra.referencing IS 'How the ppm axis was referenced: method, shift applied, line used, confidence.';
COMMENT ON COLUMN spectra.processing IS 'Version and steps with parameters, enough to repeat it.';
COMMENT ON COLUMN spectra.read_ms IS 'How long reading the FID took, ms.';
COMMENT ON COLUMN spectra.process_ms IS 'How long it took from FID to peaks, ms.';
COMMENT ON COLUMN spectra.created_at IS 'When it was committed.';
CREATE INDEX spectra_of_sample ON spectra (sample_id, nucleus, experiment, created_at DESC);
CREATE INDEX spectra_of_acquisition ON spectra (acquisition_id);

CREATE TABLE peaks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    spectrum_id uuid NOT NULL REFERENCES spectra,
    position integer NOT NULL,
    ppm double precision NOT NULL,
    intensity double precision NOT NULL,
    width_hz double precision NOT NULL,
    area double precision NOT NULL,
    signal_to_noise double precision NOT NULL,
    class text NOT NULL CHECK (class IN
        ('compound', 'solvent', 'impurity', 'satellite', 'artifact')),
    multiplicity text CHECK (multiplicity IN ('S', 'D', 'T', 'Q', 'DQ')),
    UNIQUE (spectrum_id, position)
);
COMMENT ON TABLE peaks IS 'Picked peaks.';
COMMENT ON COLUMN peaks.id IS 'Identity.';
COMMENT ON COLUMN peaks.spectrum_id IS 'The spectrum it was picked in.';
COMMENT ON COLUMN peaks.position IS 'Its place in the spectrum''s list, from 0.';
COMMENT ON COLUMN peaks.ppm IS 'Chemical shift, ppm.';
COMMENT ON COLUMN peaks.intensity IS 'Height relative to the tallest compound peak; negative for inverted lines.';
COMMENT ON COLUMN peaks.width_hz IS 'Full width at half height, Hz.';
COMMENT ON COLUMN peaks.area IS 'Integral relative to the sum over compound peaks.';
COMMENT ON COLUMN peaks.signal_to_noise IS 'Height over the standard deviation of the noise.';
COMMENT ON COLUMN peaks.class IS 'What it is taken to be: compound, solvent, impurity, satellite or artifact.';
COMMENT ON COLUMN peaks.multiplicity IS 'Hydrogens on the carbon, where an edited spectrum told: S (C), D (CH), T (CH2), Q (CH3), DQ (CH or CH3, not told apart).';
CREATE INDEX peaks_by_shift ON peaks (ppm) WHERE class = 'compound';

CREATE TABLE libraries (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    version text NOT NULL,
    size bigint NOT NULL,
    registered_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (name, version)
);
COMMENT ON TABLE libraries IS 'Versions of candidate libraries that were in use.';
COMMENT ON COLUMN libraries.id IS 'Identity (UUID version 7: sorts by time).';
COMMENT ON COLUMN libraries.name IS 'Name.';
COMMENT ON COLUMN libraries.version IS 'Digest of the content.';
COMMENT ON COLUMN libraries.size IS 'Molecules in it.';
COMMENT ON COLUMN libraries.registered_at IS 'When this version was first used.';
COMMENT ON COLUMN libraries.last_used_at IS 'When a server last started with it.';

CREATE TABLE elucidations (
    id uuid PRIMARY KEY,
    sample_id uuid NOT NULL REFERENCES samples,
    acquisition_id uuid NOT NULL REFERENCES acquisitions,
    revision integer NOT NULL CHECK (revision > 0),
    supersedes uuid REFERENCES elucidations,
    model_digest text NOT NULL,
    library_versions jsonb NOT NULL,
    parameters jsonb NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('consistent', 'inconsistent', 'inconclusive')),
    reasons text[] NOT NULL,
    considered bigint NOT NULL,
    elucidate_ms double precision NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (sample_id, revision),
    CHECK ((revision = 1) = (supersedes IS NULL))
);
COMMENT ON TABLE elucidations IS 'Judgements of samples; each revision supersedes the one before and none is ever changed.';
COMMENT ON COLUMN elucidations.id IS 'Identity (UUID version 7: sorts by time).';
COMMENT ON COLUMN elucidations.sample_id IS 'The sample.';
COMMENT ON COLUMN elucidations.acquisition_id IS 'The acquisition that led to it.';
COMMENT ON COLUMN elucidations.revision IS '1 for the sample''s first judgement, then one more each time.';
COMMENT ON COLUMN elucidations.supersedes IS 'The judgement it supersedes.';
COMMENT ON COLUMN elucidations.model_digest IS 'SHA-256 of the weights that predicted, hex.';
COMMENT ON COLUMN elucidations.library_versions IS 'Version of each library searched, by name.';
COMMENT ON COLUMN elucidations.parameters IS 'The complete resolved parameters.';
COMMENT ON COLUMN elucidations.verdict IS 'consistent, inconsistent or inconclusive.';
COMMENT ON COLUMN elucidations.reasons IS 'Why, in words for a chemist.';
COMMENT ON COLUMN elucidations.considered IS 'How many candidates were scored.';
COMMENT ON COLUMN elucidations.elucidate_ms IS 'How long it took from peaks to judgement, ms.';
COMMENT ON COLUMN elucidations.created_at IS 'When it was committed.';
CREATE UNIQUE INDEX elucidations_superseded_once ON elucidations (supersedes);
CREATE INDEX elucidations_of_acquisition ON elucidations (acquisition_id);

CREATE TABLE elucidation_spectra (
    elucidation_id uuid NOT NULL REFERENCES elucidations,
    spectrum_id uuid NOT NULL REFERENCES spectra,
    PRIMARY KEY (elucidation_id, spectrum_id)
);
COMMENT ON TABLE elucidation_spectra IS 'Which spectra were judged together.';
COMMENT ON COLUMN elucidation_spectra.elucidation_id IS 'The judgement.';
COMMENT ON COLUMN elucidation_spectra.spectrum_id IS 'A spectrum it rests on.';

CREATE TABLE candidates (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    elucidation_id uuid NOT NULL REFERENCES elucidations,
    rank integer NOT NULL CHECK (rank > 0),
    smiles text NOT NULL,
    inchikey text NOT NULL,
    formula text NOT NULL,
    name text,
    source text NOT NULL,
    score double precision NOT NULL,
    probability double precision NOT NULL CHECK (probability BETWEEN 0 AND 1),
    UNIQUE (elucidation_id, rank)
);
COMMENT ON TABLE candidates IS 'Ranked candidate molecules of a judgement.';
COMMENT ON COLUMN candidates.id IS 'Identity.';
COMMENT ON COLUMN candidates.elucidation_id IS 'The judgement.';
COMMENT ON COLUMN candidates.rank IS '1 is best.';
COMMENT ON COLUMN candidates.smiles IS 'SMILES as given; assignments count its atoms.';
COMMENT ON COLUMN candidates.inchikey IS 'Full InChIKey.';
COMMENT ON COLUMN candidates.formula IS 'Molecular formula in Hill order.';
COMMENT ON COLUMN candidates.name IS 'Name or identifier, where the source gives one.';
COMMENT ON COLUMN candidates.source IS 'Where it came from: library:NAME or proposed.';
COMMENT ON COLUMN candidates.score IS 'Log-likelihood of the peaks given the structure; higher is better.';
COMMENT ON COLUMN candidates.probability IS 'Probability among the candidates considered.';
CREATE INDEX candidates_by_inchikey ON candidates (inchikey);

CREATE TABLE peak_assignments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    candidate_id bigint NOT NULL REFERENCES candidates,
    atom integer NOT NULL CHECK (atom >= 0),
    nucleus text NOT NULL,
    peak_id bigint REFERENCES peaks,
    observed_ppm double precision NOT NULL,
    predicted_ppm double precision NOT NULL,
    probability double precision NOT NULL CHECK (probability BETWEEN 0 AND 1)
);
COMMENT ON TABLE peak_assignments IS 'Which peak is which atom of a candidate.';
COMMENT ON COLUMN peak_assignments.id IS 'Identity.';
COMMENT ON COLUMN peak_assignments.candidate_id IS 'The candidate.';
COMMENT ON COLUMN peak_assignments.atom IS '0-based atom index in the candidate''s SMILES.';
COMMENT ON COLUMN peak_assignments.nucleus IS 'Observed nucleus: 13C or 1H.';
COMMENT ON COLUMN peak_assignments.peak_id IS 'The peak; null where the observed shift is a multiplet''s centre rather than one peak.';
COMMENT ON COLUMN peak_assignments.observed_ppm IS 'Observed shift, ppm.';
COMMENT ON COLUMN peak_assignments.predicted_ppm IS 'Shift the network expects for the atom, ppm.';
COMMENT ON COLUMN peak_assignments.probability IS 'Posterior probability that the peak is this atom''s.';
CREATE INDEX peak_assignments_of_candidate ON peak_assignments (candidate_id);
CREATE INDEX peak_assignments_of_peak ON peak_assignments (peak_id);
