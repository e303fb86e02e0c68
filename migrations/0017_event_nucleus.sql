-- Subscribers may ask for the events of one nucleus. An event keeps what was known of its acquisition
-- when it was written, so that whoever reads it later is told the same.

ALTER TABLE events ADD COLUMN nucleus text;
COMMENT ON COLUMN events.nucleus IS 'Observed nucleus of the acquisition, where it was known; of events before migration 0017 what is known of it since.';
ALTER TABLE events DISABLE TRIGGER events_stay;
UPDATE events e SET nucleus = coalesce(e.body ->> 'nucleus', a.nucleus)
FROM acquisitions a WHERE a.id = e.acquisition_id;
ALTER TABLE events ENABLE TRIGGER events_stay;
