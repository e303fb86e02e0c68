//! What people do to samples as such.

use std::collections::BTreeSet;

use sqlx::{PgConnection, PgTransaction};
use uuid::Uuid;

use super::changes::{Record, SampleChangeKind, record};
use super::names::{SampleName, lock_groups};
use super::transfer::{absorb, lock_samples, transfer};
use crate::text::storable;
use crate::{Store, StoreError};

impl Store {
    /// Gives a sample another name. Its directory may go on being called as it is: the former name
    /// leads to it too.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such sample, [`StoreError::NameTaken`] when its
    /// group has one of that name.
    pub async fn rename_sample(
        &self,
        sample: Uuid,
        name: &str,
        by: &str,
    ) -> Result<(), StoreError> {
        let (name, by) = (storable(name), storable(by));
        let mut transaction = self.pool.begin().await?;
        let [before] = hold(&mut transaction, [sample]).await?;
        let renamed = SampleName::new(&before.group, &name);
        match renamed.sample(&mut transaction).await? {
            Some(other) if other != sample => return Err(taken(&renamed)),
            _ => renamed.lead_to(&mut transaction, sample).await?,
        }
        sqlx::query!("UPDATE samples SET name = $2 WHERE id = $1", sample, name)
            .execute(&mut *transaction)
            .await?;
        let change = Record {
            sample,
            kind: SampleChangeKind::Renamed,
            by: Some(&by),
            before: &before,
            into: Some((&renamed, sample)),
            acquisitions: &[],
        };
        record(&mut transaction, &change).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Makes a sample part of another of its group, which is judged anew by the spectra of both. Data
    /// that are put into its directory later belong to the other too.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such sample, [`StoreError::NotOneGroup`] when they
    /// are of two groups or are the same sample.
    pub async fn merge_samples(&self, from: Uuid, into: Uuid, by: &str) -> Result<(), StoreError> {
        let by = storable(by);
        let mut transaction = self.pool.begin().await?;
        let [before, other] = hold(&mut transaction, [from, into]).await?;
        if from == into || before.group != other.group {
            return Err(StoreError::NotOneGroup { samples: [from, into] });
        }
        absorb(&mut transaction, from, into).await?;
        let change = Record {
            sample: from,
            kind: SampleChangeKind::Merged,
            by: Some(&by),
            before: &before,
            into: Some((&other, into)),
            acquisitions: &[],
        };
        record(&mut transaction, &change).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Makes a new sample of some acquisitions of one; both are judged anew by what they have. The
    /// acquisitions stay with it wherever in their group their data lie.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such sample or an acquisition is none of it,
    /// [`StoreError::NameTaken`] when its group has one of that name.
    pub async fn split_sample(
        &self,
        sample: Uuid,
        acquisitions: &[Uuid],
        name: &str,
        by: &str,
    ) -> Result<Uuid, StoreError> {
        let (name, by) = (storable(name), storable(by));
        let mut transaction = self.pool.begin().await?;
        let [before] = hold(&mut transaction, [sample]).await?;
        let split = SampleName::new(&before.group, &name);
        if split.sample(&mut transaction).await?.is_some() {
            return Err(taken(&split));
        }
        let of_sample = sqlx::query_scalar!(
            "SELECT id FROM acquisitions WHERE sample_id = $1 AND id = ANY($2)",
            sample,
            acquisitions
        )
        .fetch_all(&mut *transaction)
        .await?;
        if let Some(foreign) = acquisitions.iter().find(|one| !of_sample.contains(one)) {
            let id = foreign.to_string();
            return Err(StoreError::NotFound { what: "acquisition of this sample", id });
        }
        let into = split.sample_or_new(&mut transaction).await?;
        transfer(&mut transaction, acquisitions, sample, into).await?;
        let change = Record {
            sample,
            kind: SampleChangeKind::Split,
            by: Some(&by),
            before: &before,
            into: Some((&split, into)),
            acquisitions,
        };
        record(&mut transaction, &change).await?;
        transaction.commit().await?;
        Ok(into)
    }
}

/// Locks the names and the rows of samples; returns what they are called.
pub(super) async fn hold<const N: usize>(
    transaction: &mut PgTransaction<'_>,
    samples: [Uuid; N],
) -> Result<[SampleName; N], StoreError> {
    let read = async |connection: &mut PgConnection| {
        let mut names = samples.map(|_| SampleName::new("", ""));
        for (sample, name) in samples.iter().zip(&mut names) {
            let row = sqlx::query!(
                "SELECT group_name, name FROM samples
                 WHERE id = $1 AND merged_into IS NULL AND deleted_at IS NULL",
                sample
            )
            .fetch_optional(&mut *connection)
            .await?;
            let missing = || StoreError::NotFound { what: "sample", id: sample.to_string() };
            let row = row.ok_or_else(missing)?;
            *name = SampleName::new(&row.group_name, &row.name);
        }
        Ok::<_, StoreError>(names)
    };
    let groups = read(&mut *transaction).await?.map(|name| name.group);
    lock_groups(&mut *transaction, groups.into_iter().collect::<BTreeSet<_>>()).await?;
    lock_samples(&mut *transaction, &samples).await?;
    read(&mut *transaction).await
}

fn taken(name: &SampleName) -> StoreError {
    StoreError::NameTaken { group: name.group.clone(), name: name.name.clone() }
}
