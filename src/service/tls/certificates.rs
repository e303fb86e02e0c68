//! The certificate that the service shows, read again when its files change: those of most
//! authorities hold for some weeks, and a program puts new ones in their place.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::watch;
use tokio::time::sleep;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

use crate::service::TlsSettings;

/// Between two looks at the files.
const LOOK: Duration = Duration::from_secs(10);

/// Why there can be no encrypted connections.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read {}; it must be readable by Larmor's account: {cause} (setting {setting})", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The setting that names it.
        setting: &'static str,
        /// Why not.
        #[source]
        cause: io::Error,
    },
    /// A file is not what it should be.
    #[error("{} holds no {what} in PEM form: {cause} (setting {setting})", path.display())]
    NoPem {
        /// The file.
        path: PathBuf,
        /// What should be in it.
        what: &'static str,
        /// The setting that names it.
        setting: &'static str,
        /// What is wrong.
        #[source]
        cause: pem::Error,
    },
    /// Certificate and key do not go together, or are of a kind that is not spoken.
    #[error("the certificate {} cannot be shown with the key {}: {cause}", certificate.display(), key.display())]
    Unusable {
        /// The certificate.
        certificate: PathBuf,
        /// The key.
        key: PathBuf,
        /// Why not.
        #[source]
        cause: rustls::Error,
    },
}

/// The certificate that is shown now.
#[derive(Debug, Clone)]
pub struct Certificates {
    certificate: PathBuf,
    key: PathBuf,
    shown: watch::Sender<Arc<ServerConfig>>,
}

/// What tells that a file is another one.
type Stamp = Option<(SystemTime, u64)>;

impl Certificates {
    /// Reads what the settings name; none where they name nothing.
    ///
    /// # Errors
    /// [`TlsError`], which says which file is to be mended.
    pub fn open(settings: &TlsSettings) -> Result<Option<Self>, TlsError> {
        let (Some(certificate), Some(key)) = (&settings.certificate, &settings.key) else {
            return Ok(None);
        };
        let shown = watch::Sender::new(read(certificate, key)?);
        Ok(Some(Self { certificate: certificate.clone(), key: key.clone(), shown }))
    }

    /// What is shown now.
    pub(super) fn shown(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.shown.borrow())
    }

    /// Reads the files again whenever they change. What cannot be read leaves the one before.
    pub(super) async fn follow(self) {
        let mut known = self.stamps();
        loop {
            sleep(LOOK).await;
            let stamps = self.stamps();
            if stamps == known {
                continue;
            }
            let (certificate, key) = (self.certificate.clone(), self.key.clone());
            let new = tokio::task::spawn_blocking(move || read(&certificate, &key)).await;
            match new {
                Ok(Ok(new)) => {
                    self.shown.send_replace(new);
                    let certificate = self.certificate.display();
                    tracing::info!(%certificate, "a new certificate is shown from now on");
                }
                Ok(Err(error)) => tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the new certificate cannot be shown; the one before is"
                ),
                Err(panic) => tracing::error!(%panic, "a certificate could not be read"),
            }
            known = stamps;
        }
    }

    fn stamps(&self) -> [Stamp; 2] {
        [&self.certificate, &self.key].map(|path| {
            let found = fs::metadata(path).ok()?;
            Some((found.modified().ok()?, found.len()))
        })
    }
}

fn read(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let text = contents(certificate, "tls.certificate")?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let chain = match chain {
        Ok(chain) if chain.is_empty() => Err(pem::Error::NoItemsFound),
        chain => chain,
    };
    let chain = chain.map_err(no_pem(certificate, "certificate", "tls.certificate"))?;
    let secret = PrivateKeyDer::from_pem_slice(&contents(key, "tls.key")?).map_err(no_pem(
        key,
        "private key",
        "tls.key",
    ))?;
    let unusable = |cause| {
        let (certificate, key) = (certificate.to_owned(), key.to_owned());
        TlsError::Unusable { certificate, key, cause }
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .with_no_client_auth()
        .with_single_cert(chain, secret)
        .map_err(unusable)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn contents(path: &Path, setting: &'static str) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|cause| TlsError::Unreadable { path: path.to_owned(), setting, cause })
}

fn no_pem<'a>(
    path: &'a Path,
    what: &'static str,
    setting: &'static str,
) -> impl Fn(pem::Error) -> TlsError + 'a {
    move |cause| TlsError::NoPem { path: path.to_owned(), what, setting, cause }
}
