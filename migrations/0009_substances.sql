-- What a peak was taken for, by name.
ALTER TABLE peaks
    ADD COLUMN substance text,
    ADD COLUMN substance_confidence double precision
        CHECK (substance_confidence BETWEEN 0 AND 1),
    ADD CHECK ((substance IS NULL) = (substance_confidence IS NULL));
COMMENT ON COLUMN peaks.substance IS 'What the peak was taken for, by its usual name (CDCl3, water, TMS, ethyl acetate, ...); NULL where nothing is known of it. Of a peak of class compound it is what else it may be.';
COMMENT ON COLUMN peaks.substance_confidence IS 'How sure that is, 0 to 1; from 0.5 up it decides the class.';
