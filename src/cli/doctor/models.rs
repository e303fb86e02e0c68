//! Networks, the device they run on, and the libraries made with them.

use super::finding::Finding;
use crate::config::Config;
use larmor_elucidation::RunningNetworks;
use larmor_elucidation::library::{self, Library};

pub(super) fn examine(config: &Config) -> Vec<Finding> {
    let folder = config.models.folder();
    let subject = format!("models {}", folder.display());
    let networks = match RunningNetworks::start(&folder, &config.models.device) {
        Ok(networks) => networks,
        Err(error) => {
            let cure = "name the directory that Larmor came with in models.directory (installed: \
                        share/larmor/models/default), and a device that is there in models.device";
            return vec![Finding::fault(subject, &error, cure)];
        }
    };
    let names: Vec<&str> = networks.models.iter().map(|model| model.name).collect();
    let mut findings = vec![Finding::well(subject, format!("{} run", names.join(", ")))];
    findings.push(match networks.device.fault() {
        None => Finding::well("models.device", networks.device.to_string()),
        Some(fault) => Finding::warning(
            "models.device",
            format!("{}: {fault}", networks.device),
            "without a GPU everything works and takes longer; to use one see the driver's messages \
             (nvidia-smi)",
        ),
    });
    let digest = networks.predictor.model_digest();
    for name in &config.library.active {
        let subject = format!("library {name}");
        let opened = library::directory(&config.state_dir, name)
            .and_then(|folder| Library::open(&folder, digest));
        findings.push(match opened {
            Ok(library) => Finding::well(subject, format!("{} molecules", library.len())),
            Err(error) => {
                let cure =
                    format!("larmor library import {name} FILE, or take it out of library.active");
                Finding::fault(subject, &error, cure)
            }
        });
    }
    if config.library.active.is_empty() {
        findings.push(Finding::warning(
            "library.active",
            "no library: only structures that people propose are judged",
            "larmor library import NAME FILE, and name it in library.active",
        ));
    }
    findings
}
