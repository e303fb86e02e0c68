//! Whether data that were observed were moved to where they are, or copied.

use sqlx::PgConnection;

use crate::identity::{MOVING, SampleName};
use crate::{Observation, StoreError};

/// Where an acquisition leads to, as it stood before an observation.
#[derive(Debug)]
pub(super) struct Home {
    pub(super) path: String,
    /// What the path rule said of it; where that was never noted, group and name of its sample.
    pub(super) named: SampleName,
    /// It is where the data were observed now.
    pub(super) is_here: bool,
    /// Data are thought to lie there, and it is another place than that of the observation.
    pub(super) stands: bool,
    /// They went from there not long ago.
    pub(super) is_left_lately: bool,
}

/// What an observation says of where the data of an acquisition lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lying {
    /// Where they belong, or where they came back to.
    Here,
    /// Here and in the directory of their own sample.
    Copied,
    /// Here and no more where they lay.
    Moved,
}

impl Home {
    /// `noted` is what was noted of the place before, `leads_here` whether the name of the place leads to
    /// the sample of the acquisition.
    pub(super) fn compare(
        &self,
        named: &SampleName,
        noted: Option<&SampleName>,
        leads_here: bool,
    ) -> Lying {
        if self.named == *named {
            return Lying::Here;
        }
        match (self.is_here, self.stands) {
            // The rule was changed.
            (true, _) if noted.is_some_and(|noted| noted != named) => Lying::Moved,
            (false, true) if !leads_here => Lying::Copied,
            (false, false) if self.is_left_lately => Lying::Moved,
            _ => Lying::Here,
        }
    }
}

/// The group that an acquisition of this content leaves with its data, where the observed group has
/// none of it: data lie nowhere else any more and were moved not long ago, or the rule that names the
/// group was changed.
pub(super) async fn from_another_group(
    connection: &mut PgConnection,
    observation: &Observation,
) -> Result<Option<String>, StoreError> {
    if observation.digest.is_none() {
        return Ok(None);
    }
    Ok(sqlx::query_scalar!(
        "SELECT a.group_name FROM acquisitions a
         JOIN samples s ON s.id = a.sample_id AND s.deleted_at IS NULL
         WHERE a.digest = $1 AND a.group_name <> $2
           AND NOT EXISTS (SELECT FROM acquisitions o WHERE o.digest = $1 AND o.group_name = $2)
           AND NOT EXISTS (SELECT FROM acquisition_locations l
                           JOIN instruments i ON i.id = l.instrument_id
                           WHERE l.acquisition_id = a.id AND l.gone_at IS NULL
                             AND (i.name <> $3 OR l.path <> $4))
           AND EXISTS (SELECT FROM acquisition_locations l
                       JOIN instruments i ON i.id = l.instrument_id
                       WHERE l.acquisition_id = a.id AND l.path = a.path
                         AND (l.gone_at > now() - $5::float8 * interval '1 second'
                              OR i.name = $3 AND l.path = $4 AND l.group_name <> $2))
         ORDER BY a.id LIMIT 1",
        observation.digest,
        observation.group,
        observation.instrument,
        observation.path,
        MOVING.as_secs_f64()
    )
    .fetch_optional(connection)
    .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(is_here: bool, stands: bool, is_left_lately: bool) -> Home {
        let named = SampleName::new("g", "a");
        Home { path: "/data/a/1".to_owned(), named, is_here, stands, is_left_lately }
    }

    #[test]
    fn data_under_their_own_name_lie_where_they_belong() {
        let own = SampleName::new("g", "a");
        for home in [home(true, false, false), home(false, true, false), home(false, false, true)] {
            assert_eq!(home.compare(&own, None, true), Lying::Here);
        }
    }

    #[test]
    fn what_is_gone_from_one_name_lately_was_moved_to_the_other() {
        let other = SampleName::new("g", "b");
        assert_eq!(home(false, true, false).compare(&other, None, false), Lying::Copied);
        assert_eq!(home(false, false, true).compare(&other, None, false), Lying::Moved);
        assert_eq!(home(false, false, true).compare(&other, None, true), Lying::Moved);
        assert_eq!(home(false, false, false).compare(&other, None, false), Lying::Here, "archived");
        assert_eq!(home(false, true, false).compare(&other, None, true), Lying::Here, "merged");
    }

    #[test]
    fn a_new_rule_moves_what_the_old_one_had_named() {
        let (before, after) = (SampleName::new("g", "a"), SampleName::new("h", "a"));
        assert_eq!(home(true, false, false).compare(&after, Some(&before), false), Lying::Moved);
        assert_eq!(home(true, false, false).compare(&after, None, false), Lying::Here, "not noted");
    }
}
