//! Which networks run, and where their weights lie. A further network is a file with its
//! [`Served`], a line in [`start`] and the handle in [`Running`].

use std::path::Path;
use std::sync::Arc;

use super::device_thread::DeviceThread;
use super::{Handle, Predictor, Served};
use crate::{
    Acml, AcmlConfig, AcmlNucleus, CARD_FILE, Kmaid, MatchNet, ModelCard, NetworkError, Placement,
    ShiftEnsemble,
};
use larmor_nmr::spectrum::simulation::Window;

/// Folder of the shift network in a folder of models.
pub const SHIFT_FOLDER: &str = "shift";

/// The networks at work on one device.
#[derive(Clone)]
pub struct Running {
    /// Predicts shifts.
    pub predictor: Predictor,
    /// Holds 13C peaks against molecules and their atoms, where such a network is there.
    pub kmaid: Option<Handle<Kmaid>>,
    /// Holds 13C spectra against molecules, where such a network is there.
    pub acml_carbon: Option<Handle<Acml>>,
    /// Holds 1H spectra, drawn on its window, against molecules, where such a network is there.
    pub acml_proton: Option<(Handle<Acml>, Window)>,
    /// Holds pairs of spectra against molecules, where such a network is there.
    pub matching: Option<Handle<MatchNet>>,
    /// Every network that runs, by its name.
    pub models: Vec<RunningModel>,
    /// Where they run: `cpu` or `cuda:N`, `+bf16` behind it where products are taken in 16 bits.
    pub device: String,
}

/// A network at work.
#[derive(Debug, Clone, PartialEq)]
pub struct RunningModel {
    /// Name of its folder: `shift`, `kmaid`, `acml-13c`, `acml-1h`, `specmol`.
    pub name: &'static str,
    /// What is known of it.
    pub card: ModelCard,
}

/// Loads the networks of a folder of models (each a folder with a card and weights) and starts
/// the thread that owns them. `device` is `auto`, `cpu`, `cuda` or `cuda:N`, `+bf16` behind any.
///
/// # Errors
/// [`NetworkError`] when the device is not there or a card or weights cannot be used.
pub fn start(models: &Path, device: &str) -> Result<Running, NetworkError> {
    let mut start = Start::on(device)?;
    let shifts = start.network(SHIFT_FOLDER, &models.join(SHIFT_FOLDER))?;
    let kmaid = start.optional("kmaid", models)?;
    let acml_carbon = start.acml("acml-13c", AcmlNucleus::Carbon, models)?.map(|net| net.0);
    let acml_proton = start.acml("acml-1h", AcmlNucleus::Proton, models)?;
    let matching = start.optional("specmol", models)?;
    Ok(Running { kmaid, acml_carbon, acml_proton, matching, ..start.run(shifts)? })
}

/// The same for one folder with a shift network alone.
///
/// # Errors
/// As [`start`].
pub fn start_shifts(folder: &Path, device: &str) -> Result<Running, NetworkError> {
    let mut start = Start::on(device)?;
    let shifts = start.network(SHIFT_FOLDER, folder)?;
    start.run(shifts)
}

/// Networks being loaded.
struct Start {
    on: Placement,
    thread: DeviceThread,
    models: Vec<RunningModel>,
}

impl Start {
    fn on(device: &str) -> Result<Self, NetworkError> {
        let on = Placement::named(device)?;
        Ok(Self { on, thread: DeviceThread::new(), models: Vec::new() })
    }

    fn network<N: Served>(
        &mut self,
        name: &'static str,
        folder: &Path,
    ) -> Result<Handle<N>, NetworkError> {
        let (net, card) = N::open(folder, self.on)?;
        let handle = self.thread.add(net, &card.weights_sha256);
        self.models.push(RunningModel { name, card });
        Ok(handle)
    }

    /// A network that judgements are made without where it is not there; one that is there and
    /// broken is an error.
    fn optional<N: Served>(
        &mut self,
        name: &'static str,
        models: &Path,
    ) -> Result<Option<Handle<N>>, NetworkError> {
        let folder = models.join(name);
        match folder.join(CARD_FILE).exists() {
            true => self.network(name, &folder).map(Some),
            false => Ok(None),
        }
    }

    /// An ACML network of a nucleus with the window it takes 1H traces on.
    fn acml(
        &mut self,
        name: &'static str,
        nucleus: AcmlNucleus,
        models: &Path,
    ) -> Result<Option<(Handle<Acml>, Window)>, NetworkError> {
        let Some(handle) = self.optional(name, models)? else { return Ok(None) };
        let folder = models.join(name);
        let card = &self.models[self.models.len() - 1].card;
        let config: AcmlConfig = card.architecture(&folder)?;
        if config.nucleus != nucleus {
            let reason = format!("a network for {} spectra", config.nucleus.nucleus());
            return Err(NetworkError::Card { path: folder.join(CARD_FILE), reason });
        }
        Ok(Some((handle, Window::proton(config.points))))
    }

    fn run(self, shifts: Handle<ShiftEnsemble>) -> Result<Running, NetworkError> {
        let device = self.on.name();
        self.thread.start()?;
        let (predictor, models) = (Arc::new(shifts), self.models);
        let (kmaid, acml_carbon, acml_proton, matching) = (None, None, None, None);
        Ok(Running { predictor, kmaid, acml_carbon, acml_proton, matching, models, device })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/default/shift");

    #[test]
    fn what_is_not_there_is_done_without_and_what_is_broken_is_told() {
        let models = tempfile::tempdir().unwrap();
        assert!(start(models.path(), "cpu").is_err(), "nothing goes without the shift network");
        std::os::unix::fs::symlink(OWN, models.path().join("shift")).unwrap();
        let running = start(models.path(), "cpu").unwrap();
        let names: Vec<&str> = running.models.iter().map(|model| model.name).collect();
        assert_eq!(names, ["shift"]);
        assert!(running.acml_carbon.is_none() && running.acml_proton.is_none());

        let folder = models.path().join("acml-13c");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join(CARD_FILE), "no card").unwrap();
        let said = start(models.path(), "cpu").map(|_| ()).unwrap_err().to_string();
        assert!(said.contains("acml-13c"), "{said}");
    }
}
