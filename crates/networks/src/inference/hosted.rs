//! A network on its device, which answers from the processor while the device does not: a GPU that
//! is lost, full or reset is no fault of the molecules it was asked about.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use tch::Device;
use tracing::{info, warn};

use super::running_device::RunningDevice;
use crate::batch_model::BatchModel;
use crate::error::NetworkError;
use crate::placement::Placement;

/// How long a device that failed is left alone, the first time and at most; in between twice as long
/// each time.
const FIRST_REST: Duration = Duration::from_secs(10);
const LONGEST_REST: Duration = Duration::from_secs(600);

/// A network and where it belongs.
pub(super) struct Hosted<N: BatchModel> {
    /// Where it is now.
    net: N,
    /// Where it belongs; `None` where there is nowhere to go from.
    home: Option<Home>,
}

struct Home {
    folder: PathBuf,
    on: Placement,
    device: RunningDevice,
    rest: Duration,
    /// While it is on the processor: when the device is tried again.
    away_until: Option<Instant>,
}

impl<N: BatchModel> Hosted<N> {
    /// A network that stays where it is.
    pub(super) fn fixed(net: N) -> Self {
        Self { net, home: None }
    }

    /// Opens a network on its device, or, where a GPU refuses it, on the processor.
    ///
    /// # Errors
    /// [`NetworkError`] when card or weights cannot be used.
    pub(super) fn open(
        folder: PathBuf,
        on: Placement,
        device: RunningDevice,
    ) -> Result<(Self, crate::card::ModelCard), NetworkError> {
        if on.device == Device::Cpu {
            let (net, card) = N::open(&folder, on)?;
            return Ok((Self::fixed(net), card));
        }
        let mut home = Home { folder, on, device, rest: FIRST_REST, away_until: None };
        let (net, card) = match N::open(&home.folder, on) {
            Ok(opened) => opened,
            Err(NetworkError::Torch(reason)) => {
                home.leave(&reason);
                N::open(&home.folder, Device::Cpu.into())?
            }
            Err(error) => return Err(error),
        };
        Ok((Self { net, home: Some(home) }, card))
    }

    /// Answers a batch.
    ///
    /// # Errors
    /// As [`ask`](Self::ask).
    pub(super) fn infer(&mut self, inputs: &[N::Input]) -> Result<Vec<N::Output>, NetworkError> {
        self.ask(&|net| net.infer(inputs))
    }

    /// Answers a question. What the device refuses and the processor answers was the device's fault;
    /// what both refuse is the question's.
    ///
    /// # Errors
    /// [`NetworkError`] when the network fails on this question.
    pub(super) fn ask<T>(
        &mut self,
        question: &dyn Fn(&N) -> Result<T, NetworkError>,
    ) -> Result<T, NetworkError> {
        self.return_if_due();
        let refused = match question(&self.net) {
            Err(NetworkError::Torch(reason)) => reason,
            answered => return answered,
        };
        let at_home = self.home.as_mut().filter(|home| home.away_until.is_none());
        let Some(home) = at_home else { return Err(NetworkError::Torch(refused)) };
        let (spare, _) = N::open(&home.folder, Device::Cpu.into())?;
        let answers = question(&spare)?;
        home.leave(&refused);
        self.net = spare;
        Ok(answers)
    }

    /// Goes back to the device once it has rested.
    fn return_if_due(&mut self) {
        let Some(home) = self.home.as_mut() else { return };
        if home.away_until.is_none_or(|until| Instant::now() < until) {
            return;
        }
        match N::open(&home.folder, home.on) {
            Ok((net, _)) => {
                self.net = net;
                home.away_until = None;
                home.device.works_again();
                info!(device = home.on.name(), network = %home.folder.display(),
                    "the device answers again");
            }
            Err(error) => home.leave(&error.to_string()),
        }
    }
}

impl Home {
    fn leave(&mut self, reason: &str) {
        warn!(device = self.on.name(), network = %self.folder.display(), reason,
            seconds = self.rest.as_secs(),
            "the device failed: computing on the processor, trying the device again later; if it \
             stays away, restart the service when the GPU is well (nvidia-smi)");
        self.device.failed(reason);
        self.away_until = Some(Instant::now() + self.rest);
        self.rest = (self.rest * 2).min(LONGEST_REST);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::card::ModelCard;

    /// A network whose device works while no file `broken` lies in its folder.
    struct Flaky(PathBuf, Device);

    impl Flaky {
        fn check(&self) -> Result<(), NetworkError> {
            let lost = self.1 != Device::Cpu && self.0.join("broken").exists();
            if lost { Err(NetworkError::Torch("device lost".to_owned())) } else { Ok(()) }
        }
    }

    impl BatchModel for Flaky {
        type Input = i32;
        type Output = (i32, bool);

        fn open(folder: &Path, on: Placement) -> Result<(Self, ModelCard), NetworkError> {
            let net = Self(folder.to_owned(), on.device);
            net.check()?;
            Ok((net, ModelCard::default()))
        }

        fn batch_len(inputs: &[i32]) -> usize {
            inputs.len()
        }

        fn infer(&self, inputs: &[i32]) -> Result<Vec<(i32, bool)>, NetworkError> {
            self.check()?;
            match inputs.contains(&13) {
                true => Err(NetworkError::Torch("thirteen".to_owned())),
                false => Ok(inputs.iter().map(|&i| (i, self.1 == Device::Cpu)).collect()),
            }
        }
    }

    fn hosted(folder: &Path) -> (Hosted<Flaky>, RunningDevice) {
        let on = Placement::from(Device::Cuda(0));
        let device = RunningDevice::new(on.name());
        (Hosted::open(folder.to_owned(), on, device.clone()).unwrap().0, device)
    }

    /// As if the device had rested long enough.
    fn rested(hosted: &mut Hosted<Flaky>) {
        if let Some(until) = hosted.home.as_mut().and_then(|home| home.away_until.as_mut()) {
            *until = Instant::now();
        }
    }

    #[test]
    fn a_lost_device_is_done_without_and_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let broken = folder.path().join("broken");
        let (mut net, device) = hosted(folder.path());
        assert_eq!(net.infer(&[1, 2]).unwrap(), [(1, false), (2, false)]);
        std::fs::write(&broken, "").unwrap();
        assert_eq!(net.infer(&[3]).unwrap(), [(3, true)], "no answer is lost");
        assert!(device.to_string().starts_with("cpu (cuda:0 failed: device lost"), "{device}");
        std::fs::remove_file(&broken).unwrap();
        assert_eq!(net.infer(&[4]).unwrap(), [(4, true)], "it rests");
        rested(&mut net);
        assert_eq!(net.infer(&[5]).unwrap(), [(5, false)]);
        assert_eq!(device.to_string(), "cuda:0");
    }

    #[test]
    fn a_device_that_stays_away_is_left_alone_longer_and_longer() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("broken"), "").unwrap();
        let (mut net, _) = hosted(folder.path());
        let mut rests = Vec::new();
        for _ in 0..9 {
            rested(&mut net);
            assert_eq!(net.infer(&[1]).unwrap(), [(1, true)]);
            rests.push(net.home.as_ref().unwrap().rest);
        }
        assert!(rests.is_sorted() && *rests.last().unwrap() == LONGEST_REST, "{rests:?}");
    }

    #[test]
    fn what_the_processor_refuses_too_is_the_inputs_fault() {
        let folder = tempfile::tempdir().unwrap();
        let (mut net, device) = hosted(folder.path());
        assert!(net.infer(&[13]).is_err());
        assert_eq!(device.to_string(), "cuda:0");
        assert_eq!(net.infer(&[1]).unwrap(), [(1, false)]);
    }
}
