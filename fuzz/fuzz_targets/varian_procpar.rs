//! Parameters of a Varian dataset, beside one block of 256 points.
#![no_main]

use larmor_fuzz::directory;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| directory("varian_procpar", &[("procpar", input), ("fid", &fid())]));

/// A file header, a block header and 512 32-bit values, as VnmrJ writes them: big-endian.
fn fid() -> Vec<u8> {
    const VALUES: i32 = 512;
    let whole = [1, 1, VALUES, 4, 4 * VALUES, 4 * VALUES + 28];
    let mut bytes: Vec<u8> = whole.into_iter().flat_map(i32::to_be_bytes).collect();
    // Version and status (data, 32 bits), then the number of block headers.
    bytes.extend([0, 0, 0, 0x45]);
    bytes.extend(1i32.to_be_bytes());
    // Block: scale, status, index, mode, scans, and four floats.
    bytes.extend([0, 0, 0, 0x45, 0, 1, 0, 0]);
    bytes.extend(8i32.to_be_bytes());
    bytes.extend([0; 16]);
    bytes.extend((0..VALUES).flat_map(|i| (i * i % 977 - 400).to_be_bytes()));
    bytes
}
