//! Weights for the tests.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use larmor::network::{
    CARD_FILE, ModelCard, Parameters, ShiftConfig, ShiftNet, WEIGHTS_FILE, file_sha256,
};
use tch::{Device, Tensor};

/// Directory of models: the ones Larmor comes with.
pub fn directory() -> &'static Path {
    static DIRECTORY: OnceLock<PathBuf> = OnceLock::new();
    DIRECTORY.get_or_init(|| {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
        if shipped.join("shift").join(CARD_FILE).exists() {
            return shipped;
        }
        let made = std::env::temp_dir().join(format!("larmor-test-models-{}", std::process::id()));
        untrained(&made.join("shift"));
        made
    })
}

/// A network that has learned nothing.
fn untrained(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let config = ShiftConfig { layers: 2, width: 16, dropout: 0.0 };
    let mut parameters = Parameters::random(1, Device::Cpu);
    ShiftNet::build(&mut parameters, config, Device::Cpu).unwrap();
    let weights = folder.join(WEIGHTS_FILE);
    Tensor::write_safetensors(&parameters.finish(&weights).unwrap(), &weights).unwrap();
    let card = ModelCard {
        model: "shift".into(),
        larmor_version: "test".into(),
        architecture: serde_json::to_value(config).unwrap(),
        weights_sha256: file_sha256(&weights).unwrap(),
        data_sha256: String::new(),
        split: String::new(),
        molecules: serde_json::Value::Null,
        training: serde_json::Value::Null,
        metrics: serde_json::Value::Null,
        licence: String::new(),
    };
    std::fs::write(folder.join(CARD_FILE), serde_json::to_string(&card).unwrap()).unwrap();
}
