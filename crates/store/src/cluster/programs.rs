//! Where the PostgreSQL programs are.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::ClusterError;

/// A directory with the programs of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Programs {
    pub dir: PathBuf,
    pub major: String,
}

impl Programs {
    /// Finds the programs: those that made the data, or the newest where there are none yet.
    pub(super) fn find(data: &Path, configured: Option<&Path>) -> Result<Self, ClusterError> {
        let candidates = match configured {
            Some(dir) => vec![dir.to_path_buf()],
            None => usual_places(),
        };
        let mut found: Vec<Self> = candidates.into_iter().filter_map(Self::in_dir).collect();
        found.sort_by_key(|programs| std::cmp::Reverse(programs.major.parse().unwrap_or(0)));
        found.dedup();
        let Some(newest) = found.first() else { return Err(ClusterError::NoPrograms) };
        let Ok(wanted) = fs::read_to_string(data.join("PG_VERSION")) else {
            return Ok(newest.clone());
        };
        let wanted = wanted.trim();
        found.iter().find(|programs| programs.major == wanted).cloned().ok_or_else(|| {
            let installed: Vec<&str> = found.iter().map(|one| one.major.as_str()).collect();
            ClusterError::WrongVersion {
                data: data.to_path_buf(),
                wanted: wanted.to_owned(),
                installed: installed.join(", "),
            }
        })
    }

    fn in_dir(dir: PathBuf) -> Option<Self> {
        if !["postgres", "initdb", "pg_ctl"].iter().all(|name| dir.join(name).is_file()) {
            return None;
        }
        let said = first_line(Command::new(dir.join("postgres")).arg("--version"))?;
        let major = major_of(&said)?;
        Some(Self { dir, major })
    }
}

/// `postgres (PostgreSQL) 15.18 (Debian ...)` is 15; before 10 a major had two numbers, but
/// those are long gone.
fn major_of(said: &str) -> Option<String> {
    let version = said.split_whitespace().nth(2)?;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

fn usual_places() -> Vec<PathBuf> {
    let mut places: Vec<PathBuf> = Vec::new();
    places.extend(first_line(Command::new("pg_config").arg("--bindir")).map(PathBuf::from));
    // Debian keeps versions side by side here, Red Hat in /usr/pgsql-N.
    places.extend(versions("/usr/lib/postgresql", ""));
    places.extend(versions("/usr", "pgsql-"));
    if let Some(path) = env::var_os("PATH") {
        // A link in PATH leads to the directory with all of them.
        places.extend(env::split_paths(&path).filter_map(|dir| {
            Some(fs::canonicalize(dir.join("postgres")).ok()?.parent()?.to_path_buf())
        }));
    }
    places
}

fn versions(parent: &str, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .map(|entry| entry.path().join("bin"))
        .collect()
}

fn first_line(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| said.lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn majors_are_read_from_what_postgres_says() {
        assert_eq!(major_of("postgres (PostgreSQL) 15.18 (Debian 15.18-0)").as_deref(), Some("15"));
        assert_eq!(major_of("postgres (PostgreSQL) 19devel").as_deref(), Some("19"));
        assert_eq!(major_of("postgres"), None);
    }
}
