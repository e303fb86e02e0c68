//! Weights for the tests: the ones Larmor comes with, and random ones of networks that embed.

use std::fs;
use std::path::{Path, PathBuf};

use larmor_networks::{
    Acml, AcmlConfig, AcmlNucleus, CARD_FILE, Kmaid, KmaidConfig, ModelCard, Parameters,
    WEIGHTS_FILE, file_sha256,
};
use serde_json::{Value, json};
use tch::{Device, Tensor};

/// Directory of models.
pub fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models/default")
}

/// Makes a directory of models: the shift network Larmor comes with.
pub fn make(models: &Path) {
    fs::create_dir(models).unwrap();
    std::os::unix::fs::symlink(directory().join("shift"), models.join("shift")).unwrap();
}

/// Puts small networks for 13C and 1H spectra there, random by their seed, in the place of others.
pub fn make_embedders(models: &Path, seed: u64) {
    let soft = KmaidConfig::named("soft").unwrap();
    let config = KmaidConfig { width: 16, layers: 2, projection: 64, ..soft };
    let mut weights = Parameters::random(seed, Device::Cpu);
    Kmaid::build(&mut weights, &config, Device::Cpu).unwrap();
    write(&models.join("kmaid"), weights, json!(config));

    let acml = AcmlConfig::soft(AcmlNucleus::Proton);
    let acml = AcmlConfig { width: 16, layers: 2, projection: 64, ..acml };
    let mut weights = Parameters::random(seed, Device::Cpu);
    Acml::build(&mut weights, &acml, Device::Cpu).unwrap();
    write(&models.join("acml-1h"), weights, json!(acml));
}

fn write(folder: &Path, weights: Parameters, architecture: Value) {
    fs::create_dir_all(folder).unwrap();
    let path = folder.join(WEIGHTS_FILE);
    Tensor::write_safetensors(&weights.finish(&path).unwrap(), &path).unwrap();
    let weights_sha256 = file_sha256(&path).unwrap();
    let card = ModelCard { architecture, weights_sha256, ..ModelCard::default() };
    fs::write(folder.join(CARD_FILE), serde_json::to_string(&card).unwrap()).unwrap();
}
