-- Judgements that were superseded long ago may be thinned.

ALTER TABLE elucidations ADD COLUMN thinned_at timestamptz;
COMMENT ON COLUMN elucidations.thinned_at IS 'When its assignments, and its candidates but the best and the proposed ones, were removed, as retention.superseded_days says; null while it is whole.';
COMMENT ON TABLE elucidations IS 'Judgements of samples; each revision supersedes the one before. What one says is never changed; details of superseded ones may be removed after a time.';
CREATE INDEX elucidations_whole ON elucidations (id) WHERE thinned_at IS NULL;
