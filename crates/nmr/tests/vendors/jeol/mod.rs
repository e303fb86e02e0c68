//! JEOL Delta files: all those of the test data, and files written here after the format's
//! description.

mod file;
mod real;
mod written;
