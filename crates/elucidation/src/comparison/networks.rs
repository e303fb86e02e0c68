//! Which networks take part in a ranking.

use std::path::Path;
use std::sync::Arc;

use super::compare::CompareSpectra;
use crate::comparison::{acml, kmaid, specmol};
use larmor_networks::inference::{
    NetworkLoader, Predictor, RunningDevice, RunningModel, SHIFT_FOLDER,
};
use larmor_networks::{NetworkError, ShiftEnsemble};

/// Loads a network that compares, where it is in a folder of models.
type Load = fn(&mut NetworkLoader, &Path) -> Result<Vec<Arc<dyn CompareSpectra>>, NetworkError>;

/// The networks that hold whole spectra against molecules, a line each. Rankings are made without
/// one whose folder is not there. Of two that embed spectra of one nucleus the first one's
/// embeddings are kept.
const COMPARING: [Load; 4] = [kmaid::load, acml::load_carbon, acml::load_proton, specmol::load];

/// The networks at work on one device.
#[derive(Clone)]
pub struct RunningNetworks {
    /// Predicts shifts.
    pub predictor: Predictor,
    /// Hold whole spectra against molecules.
    pub comparers: Vec<Arc<dyn CompareSpectra>>,
    /// Every network that runs, by its name.
    pub models: Vec<RunningModel>,
    /// Where they run.
    pub device: RunningDevice,
}

impl RunningNetworks {
    /// Loads the networks of a folder of models (each a folder with a card and weights) and starts
    /// the thread that owns them. `device` is `auto`, `cpu`, `cuda` or `cuda:N`, `+bf16` behind any.
    ///
    /// # Errors
    /// [`NetworkError`] when the device is not there or a card or weights cannot be used.
    pub fn start(models: &Path, device: &str) -> Result<Self, NetworkError> {
        let mut loader = NetworkLoader::new(device)?;
        let (shifts, _) = loader.load::<ShiftEnsemble>(SHIFT_FOLDER, &models.join(SHIFT_FOLDER))?;
        let mut comparers = Vec::new();
        for load in COMPARING {
            comparers.extend(load(&mut loader, models)?);
        }
        let (models, device) = loader.start()?;
        Ok(Self { predictor: Arc::new(shifts), comparers, models, device })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_networks::CARD_FILE;

    const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/default/shift");

    #[test]
    fn what_is_not_there_is_done_without_and_what_is_broken_is_reported() {
        let models = tempfile::tempdir().unwrap();
        let start = || RunningNetworks::start(models.path(), "cpu");
        assert!(start().is_err(), "nothing goes without the shift network");
        std::os::unix::fs::symlink(OWN, models.path().join("shift")).unwrap();
        let running = start().unwrap();
        let names: Vec<&str> = running.models.iter().map(|model| model.name).collect();
        assert_eq!(names, ["shift"]);
        assert!(running.comparers.is_empty());

        for name in ["kmaid", "acml-13c", "acml-1h", "specmol"] {
            let folder = models.path().join(name);
            std::fs::create_dir(&folder).unwrap();
            std::fs::write(folder.join(CARD_FILE), "no card").unwrap();
            let error = start().map(|_| ()).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
            std::fs::remove_dir_all(folder).unwrap();
        }
    }
}
