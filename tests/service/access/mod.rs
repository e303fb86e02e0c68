//! Who is let in, and to what.

mod calls;
pub mod credentials;
mod matrix;
mod raw;
mod streams;
mod web;
