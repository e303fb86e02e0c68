//! `larmor.toml` and `LARMOR_*`, typed and validated.
