//! Magritek Spinsolve: a folder with `acqu.par` and `data.1d`.

/// Points of the FID.
pub const POINTS: usize = 1024;

/// Its `acqu.par`: 1H in DMSO at 43.5 MHz.
pub const ACQU: &str = "Solvent = \"DMSO\"\nSample = \"menthol\"\nProtocol = \"1D EXTENDED+\"\n\
    b1Freq = 43.5d\nbandwidth = 5\ndwellTime = 200\nexpName = \"1D\"\nlowestFrequency = -2200\n\
    nrPnts = 1024\nnrScans = 4\nrxChannel = \"1H\"\n";

/// A `data.1d` of times (504) or without (501).
pub fn data(kind: u32, values: &[f64]) -> Vec<u8> {
    let points = values.len() / 2;
    let mut bytes = b"SORPATAD1.1V".to_vec();
    for word in [kind, points as u32, 1, 1, 1] {
        bytes.extend(word.to_le_bytes());
    }
    if kind == 504 {
        for point in 0..points {
            bytes.extend((0.2 * point as f32).to_le_bytes());
        }
    }
    for &value in values {
        bytes.extend((value as f32).to_le_bytes());
    }
    bytes
}
