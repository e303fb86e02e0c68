//! From a path below a root to group, sample and experiment.

use std::path::{Component, Path};

use super::dataset_name::dataset_stem;
use super::dataset_search::MAX_DEPTH;
use larmor_nmr::fid::Beside;

/// Whose dataset it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Group of samples, such as a user or a laboratory; `None` when the rule names none.
    pub group: Option<String>,
    /// The sample.
    pub sample: String,
    /// Number or name of the experiment within the sample.
    pub experiment: Option<String>,
    /// Where structures proposed for the sample may lie: around the dataset only where the rule
    /// says that it lies below the sample's directory.
    pub beside: Beside,
}

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A part is neither placeholder, literal nor `*`.
    #[error(
        "'{0}' is no part of a path rule: use {{group}}, {{sample}}, {{expno}}, * or a name, or \
         {{sample}}_{{expno}} at the end, with any text between the two"
    )]
    Part(String),
    /// A placeholder twice.
    #[error("{0} stands in the rule twice")]
    Twice(&'static str),
    /// No sample.
    #[error("the rule names no {{sample}}")]
    NoSample,
    /// Datasets would lie deeper than is searched.
    #[error("the rule has {0} parts; datasets are looked for down to {MAX_DEPTH} directories deep")]
    TooDeep(usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Group,
    Sample,
    Experiment,
    /// Both in one name, parted where this text comes last.
    SampleThenExperiment(String),
    Any,
    Literal(String),
}

impl Part {
    /// True when the part gives what `other` gives.
    fn gives(&self, other: &Self) -> bool {
        let both = matches!(self, Self::SampleThenExperiment(_));
        self == other || both && matches!(other, Self::Sample | Self::Experiment)
    }
}

/// A template such as `{group}/nmr/{sample}/{expno}`: one part for each name between the root and
/// the dataset, the dataset's own included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathRule {
    text: String,
    parts: Vec<Part>,
}

impl PathRule {
    /// Reads a template.
    ///
    /// # Errors
    /// [`RuleError`] saying which part cannot be.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let parts: Vec<Part> = text.split('/').map(part).collect::<Result<_, _>>()?;
        for (part, name) in
            [(Part::Group, "{group}"), (Part::Sample, "{sample}"), (Part::Experiment, "{expno}")]
        {
            if parts.iter().filter(|other| other.gives(&part)).count() > 1 {
                return Err(RuleError::Twice(name));
            }
        }
        if !parts.iter().any(|part| part.gives(&Part::Sample)) {
            return Err(RuleError::NoSample);
        }
        if parts.len() > MAX_DEPTH {
            return Err(RuleError::TooDeep(parts.len()));
        }
        Ok(Self { text: text.to_owned(), parts })
    }

    /// The template as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Identity of the dataset at `relative`, a path below the root; `None` when it does not fit.
    ///
    /// Where the rule ends in `{sample}/{expno}`, a dataset may also lie where the sample's
    /// directory would: its name is then the sample's. A number is no such name, but an experiment
    /// that lies too high.
    #[must_use]
    pub fn apply(&self, relative: &Path) -> Option<Identity> {
        let (names, is_named) = names(relative);
        let parts = match self.parts.as_slice() {
            [above @ .., Part::Experiment]
                if is_named
                    && names.len() == above.len()
                    && above.last() == Some(&Part::Sample) =>
            {
                above
            }
            parts => parts,
        };
        if names.len() != parts.len() {
            return None;
        }
        // Below a sample's directory everything is that sample's.
        let above = parts.split_last().map_or(parts, |(_, above)| above);
        let beside =
            if above.contains(&Part::Sample) { Beside::DatasetAndSample } else { Beside::Dataset };
        let (mut group, mut sample, mut experiment) = (None, None, None);
        for (part, name) in parts.iter().zip(names) {
            match part {
                Part::Group => group = Some(name),
                Part::Sample => sample = Some(name),
                Part::Experiment => experiment = Some(name),
                Part::SampleThenExperiment(between) => {
                    (sample, experiment) = match name.rsplit_once(between.as_str()) {
                        Some((of, run)) if !of.is_empty() && !run.is_empty() => {
                            (Some(of.to_owned()), Some(run.to_owned()))
                        }
                        _ => (Some(name), None),
                    };
                }
                Part::Any => {}
                Part::Literal(literal) if *literal == name => {}
                Part::Literal(_) => return None,
            }
        }
        Some(Identity { group, sample: sample?, experiment, beside })
    }

    /// The group that the names on `relative` tell, of whatever lies there.
    #[must_use]
    pub fn group_of(&self, relative: &Path) -> Option<String> {
        let at = self.parts.iter().position(|part| *part == Part::Group)?;
        names(relative).0.into_iter().nth(at)
    }

    /// The best that can be said of a dataset whose path does not fit the rule.
    #[must_use]
    pub fn guess(relative: &Path) -> Identity {
        let (mut names, _) = names(relative);
        let last = names.pop();
        let (sample, experiment) = match names.pop() {
            Some(sample) => (sample, last),
            None => (last.unwrap_or_else(|| ".".into()), None),
        };
        // What lies elsewhere may have any neighbours.
        Identity { group: None, sample, experiment, beside: Beside::Dataset }
    }
}

/// Names on the path as text, the dataset's without what tells its format; bytes that are no UTF-8
/// are written as in stored paths. Also whether the dataset's is a name and not a number.
fn names(relative: &Path) -> (Vec<String>, bool) {
    let mut names: Vec<String> = relative
        .components()
        .filter_map(|component| match component {
            Component::Normal(name) => Some(super::encode_path(Path::new(name))),
            _ => None,
        })
        .collect();
    let Some(last) = names.last_mut() else { return (names, false) };
    let is_named = !last.bytes().all(|byte| byte.is_ascii_digit());
    *last = dataset_stem(last).to_owned();
    (names, is_named)
}

fn part(text: &str) -> Result<Part, RuleError> {
    let between =
        text.strip_prefix("{sample}").and_then(|rest| rest.strip_suffix("{expno}")).unwrap_or("");
    Ok(match text {
        "{group}" => Part::Group,
        "{sample}" => Part::Sample,
        "{expno}" => Part::Experiment,
        "*" => Part::Any,
        "" | "." | ".." => return Err(RuleError::Part(text.to_owned())),
        _ if !between.is_empty() && !between.contains(['{', '}', '*']) => {
            Part::SampleThenExperiment(between.to_owned())
        }
        other if other.contains(['{', '}', '*']) => return Err(RuleError::Part(other.to_owned())),
        other => Part::Literal(other.to_owned()),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn identity(rule: &str, path: &str) -> Option<(Option<String>, String, Option<String>)> {
        let identity = PathRule::parse(rule).unwrap().apply(Path::new(path))?;
        Some((identity.group, identity.sample, identity.experiment))
    }

    #[test]
    fn a_rule_tells_whose_a_dataset_is() {
        assert_eq!(
            identity("{group}/nmr/{sample}/{expno}", "rossi/nmr/AB-17/10"),
            Some((Some("rossi".into()), "AB-17".into(), Some("10".into())))
        );
        assert_eq!(
            identity("{sample}/{expno}", "AB-17/10"),
            Some((None, "AB-17".into(), Some("10".into())))
        );
        assert_eq!(identity("*/{sample}", "2026/AB-17"), Some((None, "AB-17".into(), None)));
    }

    #[test]
    fn files_and_named_directories_are_read_like_experiments_or_samples() {
        let rule = "{group}/{sample}/{expno}";
        let of = |sample: &str, experiment: Option<&str>| {
            Some((Some("rossi".to_owned()), sample.to_owned(), experiment.map(str::to_owned)))
        };
        for (path, expected) in [
            ("rossi/AB-17/13c.fid.dx", of("AB-17", Some("13c"))),
            ("rossi/AB-17/CARBON_01.fid", of("AB-17", Some("CARBON_01"))),
            ("rossi/AB-17/1", of("AB-17", Some("1"))),
            ("rossi/AB-17.fid", of("AB-17", None)),
            ("rossi/AB-17.jdf", of("AB-17", None)),
            ("rossi/17.jdf.gz", of("17", None)),
            ("rossi/260114-1021 1D PROTON (AB-17)", of("260114-1021 1D PROTON (AB-17)", None)),
            ("rossi/11", None),
            ("AB-17.jdf", None),
        ] {
            assert_eq!(identity(rule, path), expected, "{path}");
        }
        let rule = "{group}/{sample}_{expno}";
        for (path, expected) in [
            ("rossi/AB_17_Carbon-1-1.jdf", of("AB_17", Some("Carbon-1-1"))),
            ("rossi/AB17.jdf", of("AB17", None)),
            ("rossi/_Carbon.jdf", of("_Carbon", None)),
        ] {
            assert_eq!(identity(rule, path), expected, "{path}");
        }
    }

    #[test]
    fn the_directory_around_a_dataset_counts_only_when_it_is_its_samples() {
        use Beside::{Dataset, DatasetAndSample};
        for (rule, path, sample, experiment, expected) in [
            (
                "{group}/nmr/{sample}/{expno}",
                "rossi/nmr/AB-17/10",
                "AB-17",
                Some("10"),
                DatasetAndSample,
            ),
            ("{sample}/*", "AB-17/run 1", "AB-17", None, DatasetAndSample),
            ("{sample}/nmr/{expno}", "AB-17/nmr/10", "AB-17", Some("10"), DatasetAndSample),
            ("{sample}/{expno}", "10/10", "10", Some("10"), DatasetAndSample),
            (
                "{group}/{sample}/{expno}",
                "rossi/AB-17/13c.fid.dx",
                "AB-17",
                Some("13c"),
                DatasetAndSample,
            ),
            ("{sample}/{expno}", "AB-17/AB-17.jdf", "AB-17", Some("AB-17"), DatasetAndSample),
            ("{group}/{sample}/{expno}", "rossi/AB-17.jdf", "AB-17", None, Dataset),
            ("{group}/{sample}/{expno}", "rossi/AB-17.fid", "AB-17", None, Dataset),
            // `*/{sample}`, also in a directory that happens to be named like it.
            ("*/{sample}", "2026/AB-17", "AB-17", None, Dataset),
            ("*/{sample}", "AB-17/AB-17", "AB-17", None, Dataset),
            ("{expno}/{sample}", "10/AB-17", "AB-17", Some("10"), Dataset),
            ("{sample}_{expno}", "AB-17_10", "AB-17", Some("10"), Dataset),
        ] {
            let found = PathRule::parse(rule).unwrap().apply(Path::new(path)).unwrap();
            assert_eq!((found.sample.as_str(), found.experiment.as_deref()), (sample, experiment));
            assert_eq!(found.beside, expected, "{rule}: {path}");
        }
        assert_eq!(PathRule::guess(Path::new("x/AB-17/10")).beside, Dataset);
    }

    #[test]
    fn a_path_of_other_shape_does_not_fit() {
        for path in ["", "10", "a/b/10", "rossi/other/AB-17/10", "rossi/nmr/AB-17/10/pdata"] {
            assert_eq!(identity("{group}/nmr/{sample}/{expno}", path), None, "{path}");
        }
    }

    #[test]
    fn the_group_of_a_directory_on_the_way_is_told_too() {
        for (rule, path, group) in [
            ("{group}/nmr/{sample}/{expno}", "rossi", Some("rossi")),
            ("{group}/nmr/{sample}/{expno}", "rossi/nmr/AB-17", Some("rossi")),
            ("*/{group}/{sample}", "2026", None),
            ("{sample}/{expno}", "AB-17", None),
        ] {
            let rule = PathRule::parse(rule).unwrap();
            assert_eq!(rule.group_of(Path::new(path)).as_deref(), group, "{path}");
        }
    }

    #[test]
    fn a_rule_that_cannot_work_says_why() {
        for (rule, error) in [
            ("{group}/{expno}", RuleError::NoSample),
            ("{sample}/{sample}", RuleError::Twice("{sample}")),
            ("{sample}_{expno}/{expno}", RuleError::Twice("{expno}")),
            ("{sample}{expno}", RuleError::Part("{sample}{expno}".into())),
            ("{sample}//{expno}", RuleError::Part(String::new())),
            ("../{sample}", RuleError::Part("..".into())),
            ("{smaple}/{expno}", RuleError::Part("{smaple}".into())),
            ("s_{sample}", RuleError::Part("s_{sample}".into())),
        ] {
            assert_eq!(PathRule::parse(rule), Err(error), "{rule}");
        }
        let deep = |parts| PathRule::parse(&format!("{}{{sample}}", "*/".repeat(parts - 1)));
        assert!(deep(MAX_DEPTH).is_ok());
        assert_eq!(deep(MAX_DEPTH + 1), Err(RuleError::TooDeep(MAX_DEPTH + 1)));
    }

    #[test]
    fn a_dataset_off_the_rule_is_named_after_its_directory() {
        let guess = PathRule::guess(Path::new("x/y/AB-17/10"));
        assert_eq!((guess.sample.as_str(), guess.experiment.as_deref()), ("AB-17", Some("10")));
        assert_eq!(PathRule::guess(Path::new("10")).sample, "10");
    }
}
