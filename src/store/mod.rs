//! All SQL: acquisitions, spectra, elucidations, libraries, events.
