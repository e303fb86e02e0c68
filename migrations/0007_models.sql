-- Every network that took part in a judgement.
ALTER TABLE elucidations ADD COLUMN models jsonb;
UPDATE elucidations SET models = jsonb_build_object('shift', model_digest);
ALTER TABLE elucidations ALTER COLUMN models SET NOT NULL,
    ADD CHECK (jsonb_typeof(models) = 'object');
COMMENT ON COLUMN elucidations.models IS 'SHA-256 of the weights of every network that took part, hex, by name: shift predicted; kmaid, acml-13c, acml-1h and specmol held spectra against candidates.';
