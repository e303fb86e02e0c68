//! From a path below a root to group, sample and experiment.

use std::path::{Component, Path};

use super::walk::MAX_DEPTH;

/// Whose dataset it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Group of samples, such as a user or a laboratory; `None` when the rule names none.
    pub group: Option<String>,
    /// The sample.
    pub sample: String,
    /// Number or name of the experiment within the sample.
    pub experiment: Option<String>,
}

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A part is neither placeholder, literal nor `*`.
    #[error("'{0}' is no part of a path rule: use {{group}}, {{sample}}, {{expno}}, * or a name")]
    Part(String),
    /// A placeholder twice.
    #[error("{0} stands in the rule twice")]
    Twice(&'static str),
    /// No sample.
    #[error("the rule names no {{sample}}")]
    NoSample,
    /// Datasets would lie deeper than is looked.
    #[error("the rule has {0} parts; datasets are looked for down to {MAX_DEPTH} directories deep")]
    TooDeep(usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Group,
    Sample,
    Experiment,
    Any,
    Literal(String),
}

/// A template such as `{group}/nmr/{sample}/{expno}`: one part for each directory between the
/// root and the dataset, the dataset's own included.
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
            if parts.iter().filter(|other| **other == part).count() > 1 {
                return Err(RuleError::Twice(name));
            }
        }
        if !parts.contains(&Part::Sample) {
            return Err(RuleError::NoSample);
        }
        if parts.len() > MAX_DEPTH {
            return Err(RuleError::TooDeep(parts.len()));
        }
        Ok(Self { text: text.to_owned(), parts })
    }

    /// Directories between the root and a dataset, the dataset's own included.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.parts.len()
    }

    /// The template as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Identity of the dataset at `relative`, a path below the root; `None` when it does not fit.
    #[must_use]
    pub fn apply(&self, relative: &Path) -> Option<Identity> {
        let names: Vec<String> = names(relative);
        if names.len() != self.parts.len() {
            return None;
        }
        let (mut group, mut sample, mut experiment) = (None, None, None);
        for (part, name) in self.parts.iter().zip(names) {
            match part {
                Part::Group => group = Some(name),
                Part::Sample => sample = Some(name),
                Part::Experiment => experiment = Some(name),
                Part::Any => {}
                Part::Literal(literal) if *literal == name => {}
                Part::Literal(_) => return None,
            }
        }
        Some(Identity { group, sample: sample?, experiment })
    }

    /// The best that can be said of a dataset whose path does not fit the rule.
    #[must_use]
    pub fn guess(relative: &Path) -> Identity {
        let mut names = names(relative);
        let last = names.pop();
        match names.pop() {
            Some(sample) => Identity { group: None, sample, experiment: last },
            None => Identity {
                group: None,
                sample: last.unwrap_or_else(|| ".".into()),
                experiment: None,
            },
        }
    }
}

/// Names on the path as text; bytes that are no UTF-8 are written as in stored paths.
fn names(relative: &Path) -> Vec<String> {
    relative
        .components()
        .filter_map(|component| match component {
            Component::Normal(name) => Some(super::encode_path(Path::new(name))),
            _ => None,
        })
        .collect()
}

fn part(text: &str) -> Result<Part, RuleError> {
    Ok(match text {
        "{group}" => Part::Group,
        "{sample}" => Part::Sample,
        "{expno}" => Part::Experiment,
        "*" => Part::Any,
        "" | "." | ".." => return Err(RuleError::Part(text.to_owned())),
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
    fn a_path_of_other_shape_does_not_fit() {
        for path in ["", "10", "a/b/10", "rossi/other/AB-17/10", "rossi/nmr/AB-17/10/pdata"] {
            assert_eq!(identity("{group}/nmr/{sample}/{expno}", path), None, "{path}");
        }
    }

    #[test]
    fn a_rule_that_cannot_work_says_why() {
        for (rule, error) in [
            ("{group}/{expno}", RuleError::NoSample),
            ("{sample}/{sample}", RuleError::Twice("{sample}")),
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
