//! Which device networks run on.
//!
//! The program links only the CPU half of libtorch, so that it starts anywhere; where an NVIDIA
//! driver is present the CUDA half is loaded from beside it.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tch::{Cuda, Device, Kind, Tensor};

use crate::error::NetworkError;

/// Loads libtorch's CUDA half when the machine has a driver. Call it first thing in `main`:
/// torch looks for CUDA once, at the first question about it, and keeps the answer.
/// Returns the library loaded, or why none was; the reason is also part of what [`choose_device`] says
/// where a GPU is asked for.
///
/// # Errors
/// A readable reason; not an error for a machine without a GPU.
pub fn load_cuda() -> Result<PathBuf, String> {
    CUDA.get_or_init(open_cuda).clone()
}

/// What came of looking for CUDA, once.
static CUDA: OnceLock<Result<PathBuf, String>> = OnceLock::new();

fn open_cuda() -> Result<PathBuf, String> {
    open(Path::new("libcuda.so.1"))?;
    // Beside the CPU half that is mapped already, so that the two are of one build.
    let maps = std::fs::read_to_string("/proc/self/maps").map_err(|e| e.to_string())?;
    let cpu = maps
        .lines()
        .filter_map(|line| line.find('/').map(|at| &line[at..]))
        .find(|path| path.ends_with("/libtorch_cpu.so"))
        .ok_or("libtorch_cpu.so is not mapped")?;
    let cuda = Path::new(cpu).with_file_name("libtorch_cuda.so");
    open(&cuda)?;
    Ok(cuda)
}

#[allow(unsafe_code)]
fn open(library: &Path) -> Result<(), String> {
    use std::ffi::{CStr, CString};
    let name = CString::new(library.as_os_str().as_encoded_bytes()).map_err(|e| e.to_string())?;
    // SAFETY: the name is a valid C string. The library's initialisers register operators in
    // torch and are made to be run by dlopen; it is never closed, since those live for ever.
    let handle = unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_LAZY | libc::RTLD_GLOBAL) };
    if !handle.is_null() {
        return Ok(());
    }
    // SAFETY: dlerror returns null or a C string valid until the next dl call of this thread.
    let reason = unsafe {
        let text = libc::dlerror();
        if text.is_null() {
            None
        } else {
            Some(CStr::from_ptr(text).to_string_lossy().into_owned())
        }
    };
    Err(reason.unwrap_or_else(|| format!("{} could not be opened", library.display())))
}

/// Resolves `auto`, `cpu`, `cuda` or `cuda:N`.
///
/// # Errors
/// [`NetworkError::Device`] when the name is unknown or the device is not there.
pub fn choose_device(name: &str) -> Result<Device, NetworkError> {
    let cuda = |index: usize| {
        let found = usize::try_from(Cuda::device_count()).unwrap_or(0);
        if index < found {
            Ok(Device::Cuda(index))
        } else {
            let reason = match CUDA.get() {
                Some(Err(reason)) => format!(" (CUDA was not loaded: {reason})"),
                _ => String::new(),
            };
            Err(NetworkError::Device(format!(
                "device '{name}' is not there: {found} CUDA devices found{reason}; use 'cpu' or \
                 'auto'"
            )))
        }
    };
    match name {
        "cpu" => Ok(Device::Cpu),
        "auto" => Ok(Device::cuda_if_available()),
        "cuda" => cuda(0),
        other => match other.strip_prefix("cuda:").and_then(|n| n.parse().ok()) {
            Some(index) => cuda(index),
            None => Err(NetworkError::Device(format!(
                "unknown device '{other}': use 'auto', 'cpu', 'cuda' or 'cuda:N', '+bf16' behind it \
                 where networks are not trained"
            ))),
        },
    }
}

/// Has torch compute with so many threads whenever the calling thread asks it to.
pub fn use_threads(count: i32) {
    tch::set_num_threads(count);
}

/// The values of a tensor wherever it lies, row by row.
pub(crate) fn numbers(tensor: &Tensor) -> Result<Vec<f32>, NetworkError> {
    let tensor = tensor.f_to_device(Device::Cpu)?.f_to_kind(Kind::Float)?.f_contiguous()?;
    let mut values = vec![0.0; tensor.numel()];
    let count = values.len();
    tensor.f_copy_data(&mut values, count)?;
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gpu_that_is_not_there_is_refused_with_the_reason() {
        let loaded = load_cuda();
        let Err(NetworkError::Device(said)) = choose_device("cuda:900") else {
            unreachable!("nobody has so many");
        };
        assert!(said.contains("'cuda:900' is not there"), "{said}");
        if let Err(reason) = loaded {
            assert!(said.contains(&reason), "{said}");
        }
    }
}
