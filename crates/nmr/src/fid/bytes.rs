//! Numbers at places in a file's bytes; a place outside is `None`, never a panic.

/// Bytes with an order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bytes<'a> {
    bytes: &'a [u8],
    little_endian: bool,
}

impl<'a> Bytes<'a> {
    pub fn big_endian(bytes: &'a [u8]) -> Self {
        Self { bytes, little_endian: false }
    }

    pub fn little_endian(bytes: &'a [u8]) -> Self {
        Self { bytes, little_endian: true }
    }

    /// Bytes from `start` on.
    pub fn slice(self, start: usize, length: usize) -> Option<&'a [u8]> {
        self.bytes.get(start..start.checked_add(length)?)
    }

    pub fn u8(self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    pub fn i16(self, at: usize) -> Option<i16> {
        self.number(at, i16::from_le_bytes, i16::from_be_bytes)
    }

    pub fn i32(self, at: usize) -> Option<i32> {
        self.number(at, i32::from_le_bytes, i32::from_be_bytes)
    }

    pub fn u32(self, at: usize) -> Option<u32> {
        self.number(at, u32::from_le_bytes, u32::from_be_bytes)
    }

    pub fn u64(self, at: usize) -> Option<u64> {
        self.number(at, u64::from_le_bytes, u64::from_be_bytes)
    }

    pub fn f64(self, at: usize) -> Option<f64> {
        self.number(at, f64::from_le_bytes, f64::from_be_bytes)
    }

    /// Every whole number of four bytes.
    pub fn all_i32(self) -> Vec<f64> {
        self.all(|b| f64::from(i32::from_le_bytes(b)), |b| f64::from(i32::from_be_bytes(b)))
    }

    /// Every whole number of two bytes.
    pub fn all_i16(self) -> Vec<f64> {
        self.all(|b| f64::from(i16::from_le_bytes(b)), |b| f64::from(i16::from_be_bytes(b)))
    }

    /// Every floating-point number of four bytes.
    pub fn all_f32(self) -> Vec<f64> {
        self.all(|b| f64::from(f32::from_le_bytes(b)), |b| f64::from(f32::from_be_bytes(b)))
    }

    /// Every floating-point number of eight bytes.
    pub fn all_f64(self) -> Vec<f64> {
        self.all(f64::from_le_bytes, f64::from_be_bytes)
    }

    fn number<const N: usize, T>(
        self,
        at: usize,
        little: fn([u8; N]) -> T,
        big: fn([u8; N]) -> T,
    ) -> Option<T> {
        let bytes = self.bytes.get(at..)?.first_chunk::<N>()?;
        Some(if self.little_endian { little(*bytes) } else { big(*bytes) })
    }

    fn all<const N: usize>(
        self,
        little: impl Fn([u8; N]) -> f64,
        big: impl Fn([u8; N]) -> f64,
    ) -> Vec<f64> {
        let numbers = self.bytes.as_chunks::<N>().0.iter();
        if self.little_endian {
            numbers.map(|&bytes| little(bytes)).collect()
        } else {
            numbers.map(|&bytes| big(bytes)).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_both_ways_round_and_never_past_the_end() {
        let bytes = [0, 1, 2, 3, 4];
        assert_eq!(Bytes::big_endian(&bytes).u32(1), Some(0x0102_0304));
        assert_eq!(Bytes::little_endian(&bytes).u32(1), Some(0x0403_0201));
        assert_eq!(Bytes::big_endian(&bytes).u32(2), None);
        assert_eq!(Bytes::big_endian(&bytes).u32(usize::MAX), None);
        assert_eq!(Bytes::big_endian(&bytes).slice(usize::MAX, 2), None);
        assert_eq!(Bytes::big_endian(&bytes).slice(3, 2), Some(&[3, 4][..]));
        assert_eq!(Bytes::big_endian(&bytes).all_i16(), [1.0, 515.0]);
    }
}
