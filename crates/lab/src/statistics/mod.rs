//! Figures of merit and how sure they are.

mod area_under_curve;
mod argmax;
mod axis_offset;
mod estimate;
mod reliability;

pub use area_under_curve::area_under_curve;
pub(crate) use argmax::argmax;
pub use axis_offset::axis_offset;
pub use estimate::Estimate;
pub(crate) use estimate::share_of;
pub(crate) use reliability::{class_name, classes};
