-- Spectra as vectors, by which similar ones measured earlier are found.

CREATE TABLE spectrum_embeddings (
    acquisition_id uuid NOT NULL REFERENCES acquisitions,
    network text NOT NULL,
    spectrum_id uuid NOT NULL REFERENCES spectra,
    sample_id uuid NOT NULL REFERENCES samples,
    nucleus text NOT NULL,
    model_digest text NOT NULL,
    embedding bytea NOT NULL
        CHECK (octet_length(embedding) > 0 AND octet_length(embedding) % 2 = 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (acquisition_id, network)
);
-- Vectors do not compress; trying would cost more than the scan.
ALTER TABLE spectrum_embeddings ALTER COLUMN embedding SET STORAGE EXTERNAL;
COMMENT ON TABLE spectrum_embeddings IS 'Spectra as vectors of length one, given by a network: the more alike two spectra, the larger the dot product. One row for an acquisition and network, of its latest spectrum; rows of different model_digest cannot be compared.';
COMMENT ON COLUMN spectrum_embeddings.acquisition_id IS 'The acquisition.';
COMMENT ON COLUMN spectrum_embeddings.network IS 'Name of the network: kmaid or acml-13c of 13C, acml-1h of 1H.';
COMMENT ON COLUMN spectrum_embeddings.spectrum_id IS 'The spectrum it was made from.';
COMMENT ON COLUMN spectrum_embeddings.sample_id IS 'The sample measured (its acquisition''s).';
COMMENT ON COLUMN spectrum_embeddings.nucleus IS 'Observed nucleus: 13C or 1H.';
COMMENT ON COLUMN spectrum_embeddings.model_digest IS 'SHA-256 of the network''s weights, hex.';
COMMENT ON COLUMN spectrum_embeddings.embedding IS 'The vector: 16-bit floats (IEEE 754 binary16), the lower byte of each first; embedding_numbers() reads them.';
COMMENT ON COLUMN spectrum_embeddings.created_at IS 'When it was written.';

CREATE FUNCTION embedding_numbers(embedding bytea) RETURNS double precision[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(
               (CASE WHEN bits >= 32768 THEN -1 ELSE 1 END)
               * (CASE WHEN bits & 31744 = 0 THEN (bits & 1023) * 2::float8 ^ -24
                       ELSE (1024 + (bits & 1023)) * 2::float8 ^ ((bits >> 10 & 31) - 25) END)
               ORDER BY place)
    FROM (SELECT place, get_byte(embedding, 2 * place) + 256 * get_byte(embedding, 2 * place + 1)
                     AS bits
          FROM generate_series(0, octet_length(embedding) / 2 - 1) AS place) AS halves
$$;
COMMENT ON FUNCTION embedding_numbers(bytea) IS 'The numbers of spectrum_embeddings.embedding.';

CREATE FUNCTION similar_spectra(acquisition uuid, most integer DEFAULT 10)
RETURNS TABLE (group_name text, sample text, nucleus text, similarity double precision,
               acquired_at timestamptz, best_name text, best_smiles text, network text,
               acquisition_id uuid, spectrum_id uuid, sample_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    -- The numbers of every row are read where they are multiplied: seven times as fast as making
    -- an array of them with embedding_numbers(). scale: sign and power of two by the upper six bits.
    WITH query AS MATERIALIZED (
        SELECT o.*, embedding_numbers(o.embedding) AS numbers,
               ARRAY(SELECT (CASE WHEN upper >= 32 THEN -1 ELSE 1 END)
                            * 2::float8 ^ (greatest(upper % 32, 1) - 25)
                     FROM generate_series(0, 63) AS upper ORDER BY upper) AS scale
        FROM spectrum_embeddings o WHERE o.acquisition_id = acquisition),
    found AS (
        SELECT e.*,
               (SELECT sum(q.numbers[place]
                           * ((CASE WHEN bits & 31744 = 0 THEN 0 ELSE 1024 END) + (bits & 1023))
                           * q.scale[1 + (bits >> 10)])
                FROM (SELECT place, get_byte(e.embedding, 2 * place - 2)
                                    + 256 * get_byte(e.embedding, 2 * place - 1) AS bits
                      FROM generate_series(1, octet_length(e.embedding) / 2) AS place) AS halves)
               AS similarity
        FROM query q
        JOIN spectrum_embeddings e
             ON e.network = q.network AND e.model_digest = q.model_digest
            AND e.sample_id <> q.sample_id
        ORDER BY similarity DESC, e.acquisition_id DESC LIMIT most)
    SELECT s.group_name, s.name, f.nucleus, f.similarity,
           coalesce(a.last_written, a.discovered_at), c.name, c.smiles, f.network,
           f.acquisition_id, f.spectrum_id, f.sample_id
    FROM found f
    JOIN samples s ON s.id = f.sample_id
    JOIN acquisitions a ON a.id = f.acquisition_id
    LEFT JOIN LATERAL (SELECT l.id FROM elucidations l WHERE l.sample_id = s.id
                       ORDER BY l.revision DESC LIMIT 1) AS l ON true
    LEFT JOIN candidates c ON c.elucidation_id = l.id AND c.rank = 1
    ORDER BY f.similarity DESC, f.acquisition_id DESC
$$;
COMMENT ON FUNCTION similar_spectra(uuid, integer) IS 'The spectra of other samples most similar to that of an acquisition, best first. Reads every embedding: seconds to minutes where there are many; FindSimilarSpectra and larmor similar are faster.';

-- The default privileges of migration 4 hold for the role that ran it alone.
DO $$
BEGIN
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO larmor_reader;
EXCEPTION WHEN undefined_object OR insufficient_privilege THEN
    RAISE NOTICE 'nothing was granted to larmor_reader: %', SQLERRM;
END $$;
