//! What points show, whatever the format they were stored in.

use std::path::Path;

use num_complex::Complex64;

use super::error::FidError;
use super::problem::PointsProblem;
use super::vendor::Vendor;

/// This share of exact zeros at the end means a file laid out in advance.
const ZERO_TAIL: f64 = 0.125;

/// True when so much of the end is zero that the points there cannot have been received.
pub(super) fn end_in_zeros(bytes: &[u8]) -> bool {
    let zeros = bytes.iter().rev().take_while(|&&byte| byte == 0).count();
    zeros as f64 > ZERO_TAIL * bytes.len() as f64
}

/// Refuses points that no receiver gives.
pub(super) fn check(points: &[Complex64], vendor: Vendor, data: &Path) -> Result<(), FidError> {
    let bad = |problem| Err(FidError::BadPoints { vendor, path: data.to_owned(), problem });
    if points.iter().any(|point| !(point.re.is_finite() && point.im.is_finite())) {
        return bad(PointsProblem::NotANumber);
    }
    if points.iter().all(|point| point.norm_sqr() == 0.0) {
        return bad(PointsProblem::AllZero);
    }
    Ok(())
}
