//! Samples by what is asked for, a structure among it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tonic::Status;
use uuid::Uuid;

use super::view::View;
use super::{convert_sample, filters, paging};
use larmor_chemistry::{Formula, Molecule, MoleculeError, has_substructure};
use larmor_client::proto::{ListSamplesRequest, ListSamplesResponse};
use larmor_nmr::structure::StructureFormat;
use larmor_store::{Page, SampleFilter, SampleStructure, SampleSummary};

/// Samples whose structures are looked at together.
const WALK: i64 = 100;
/// Most samples that one call looks at, and the time after which it looks at no more.
const MOST_WALKED: usize = 10_000;
const MOST_TIME: Duration = Duration::from_secs(2);
/// Searches for a part of a structure that take processors at once; others wait.
const AT_ONCE: usize = 2;
/// Fewest characters of an InChIKey.
const SHORTEST_KEY: usize = 4;
/// Characters of a whole one, and where hyphens divide it.
const WHOLE_KEY: usize = 27;
const HYPHENS: [usize; 2] = [14, 25];

/// Lists samples.
pub(super) struct SampleSearch {
    most: i32,
    matching: Arc<Semaphore>,
}

impl SampleSearch {
    /// With at most so many in a page.
    pub(super) fn new(most: i32) -> Self {
        Self { most, matching: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    pub(super) async fn list(
        &self,
        view: &View,
        request: ListSamplesRequest,
    ) -> Result<ListSamplesResponse, Status> {
        let page = paging::page(request.page_size, &request.page_token, self.most)?;
        let filter = SampleFilter {
            verdict: filters::verdict_filter(request.verdict)?,
            group: paging::non_empty(request.group),
            instrument: paging::non_empty(request.instrument),
            name_contains: paging::non_empty(request.name_contains),
            formula: paging::non_empty(request.formula).map(|text| formula(&text)).transpose()?,
            inchikey: paging::non_empty(request.inchikey).map(|text| key(&text)).transpose()?,
            ..SampleFilter::default()
        };
        let Walked { found, undecided, next } = match request.substructure.trim() {
            "" => {
                let found = view.samples(&filter, &page).await?;
                let last = found.last().map(|last| last.id);
                let next = paging::next_token(&page, found.len(), last);
                Walked { found, undecided: 0, next }
            }
            pattern => self.walk(view, &filter, pattern, page).await?,
        };
        let samples = found.into_iter().map(convert_sample::summary).collect();
        Ok(ListSamplesResponse { samples, next_page_token: next, undecided })
    }

    /// Samples with a structure of which the pattern is a part, and the token to go on by.
    async fn walk(
        &self,
        view: &View,
        filter: &SampleFilter,
        pattern: &str,
        page: Page,
    ) -> Result<Walked, Status> {
        has_substructure(pattern, &[]).map_err(refusal)?;
        let closed = |_| Status::unavailable("the server shuts down");
        let _turn = self.matching.acquire().await.map_err(closed)?;
        let end = Instant::now() + MOST_TIME;
        let (mut found, mut walked, mut undecided) = (Vec::new(), 0, 0);
        let mut after = page.after;
        loop {
            let next = Page { after, size: WALK };
            let batch = view.samples(filter, &next).await?;
            let is_last = i64::try_from(batch.len()).is_ok_and(|read| read < WALK);
            walked += batch.len();
            let ids: Vec<Uuid> = batch.iter().map(|sample| sample.id).collect();
            let structures = view.sample_structures(&ids).await?;
            let wanted = pattern.to_owned();
            // Chemistry may take a while.
            let matching =
                tokio::task::spawn_blocking(move || matches(&wanted, &ids, structures, end));
            let is_match =
                matching.await.map_err(|_| Status::internal("reading a structure failed"))??;
            let all_compared = is_match.len() == batch.len();
            for (sample, is_match) in batch.into_iter().zip(is_match) {
                after = Some(sample.id);
                match is_match {
                    Some(true) => found.push(sample),
                    Some(false) => {}
                    None => undecided += 1,
                }
                if i64::try_from(found.len()).is_ok_and(|found| found >= page.size) {
                    return Ok(Walked { found, undecided, next: token(after) });
                }
            }
            if is_last && all_compared {
                return Ok(Walked { found, undecided, next: String::new() });
            }
            if walked >= MOST_WALKED || Instant::now() >= end {
                return Ok(Walked { found, undecided, next: token(after) });
            }
        }
    }
}

/// What a call found.
struct Walked {
    found: Vec<SampleSummary>,
    undecided: i32,
    next: String,
}

/// For each of the samples, in their order, whether one of its structures has the pattern; ends when
/// the time is up, but not before the first. `None` where that could not be decided in time.
fn matches(
    pattern: &str,
    samples: &[Uuid],
    structures: Vec<SampleStructure>,
    end: Instant,
) -> Result<Vec<Option<bool>>, Status> {
    let mut of_sample: HashMap<Uuid, Vec<SampleStructure>> = HashMap::new();
    for structure in structures {
        of_sample.entry(structure.sample).or_default().push(structure);
    }
    let mut is_match = Vec::with_capacity(samples.len());
    for sample in samples {
        if !is_match.is_empty() && Instant::now() >= end {
            break;
        }
        let structures = of_sample.remove(sample).unwrap_or_default();
        let smiles: Vec<String> = structures.into_iter().filter_map(smiles).collect();
        is_match.push(match has_substructure(pattern, &smiles) {
            Ok(found) => Some(found.contains(&true)),
            // One sample must not end the search of all others.
            Err(MoleculeError::TooSlow) => None,
            Err(cause) => return Err(refusal(cause)),
        });
    }
    Ok(is_match)
}

/// `None` of a structure that can no longer be read: it is found by no part of it.
fn smiles(structure: SampleStructure) -> Option<String> {
    match structure.format {
        StructureFormat::Smiles => Some(structure.text),
        StructureFormat::Molblock => {
            Molecule::from_molblock(&structure.text).ok().map(|molecule| molecule.smiles)
        }
    }
}

fn refusal(cause: MoleculeError) -> Status {
    Status::invalid_argument(format!("substructure: {cause}"))
}

fn token(after: Option<Uuid>) -> String {
    after.map(|id| id.simple().to_string()).unwrap_or_default()
}

/// A formula in Hill order, as the database has it.
fn formula(text: &str) -> Result<String, Status> {
    let read: Result<Formula, _> = text.trim().parse();
    read.map(|formula| formula.to_string())
        .map_err(|cause| Status::invalid_argument(format!("formula: {cause}")))
}

/// The beginning of an InChIKey, or all of it, as the database has it.
fn key(text: &str) -> Result<String, Status> {
    let upper = text.trim().to_ascii_uppercase();
    let key = upper.strip_prefix("INCHIKEY=").unwrap_or(&upper);
    let fits = |(place, byte): (usize, u8)| match byte {
        b'-' => HYPHENS.contains(&place),
        _ => byte.is_ascii_uppercase() && !HYPHENS.contains(&place),
    };
    if (SHORTEST_KEY..=WHOLE_KEY).contains(&key.len()) && key.bytes().enumerate().all(fits) {
        return Ok(key.to_owned());
    }
    Err(Status::invalid_argument(
        "inchikey: not the beginning of an InChIKey, of at least 4 letters",
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_inchikey_is_taken_whole_or_from_its_beginning() {
        let whole = "LFQSCWFLJHTTHZ-UHFFFAOYSA-N";
        for good in [whole, "LFQS", "LFQSCWFLJHTTHZ", "LFQSCWFLJHTTHZ-", "LFQSCWFLJHTTHZ-UHF"] {
            assert_eq!(key(good).unwrap(), good);
        }
        assert_eq!(key(" inchikey=lfqscwfljhtthz ").unwrap(), "LFQSCWFLJHTTHZ");
        for bad in [
            "LFQ",
            "LFQ-",
            "C2H6O",
            "LFQSCWFLJHTTHZU",
            "LFQS%",
            &format!("{whole}X"),
            "日本語日本語",
        ] {
            assert!(key(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_formula_is_taken_in_any_order() {
        assert_eq!(formula(" O4C9H8").unwrap(), "C9H8O4");
        assert!(formula("c9h8o4").is_err());
    }

    #[test]
    fn a_walk_that_ran_out_of_time_has_still_looked_at_one_sample() {
        let samples = [Uuid::now_v7(), Uuid::now_v7()];
        let structures = samples.map(|sample| SampleStructure {
            sample,
            text: "CCO".to_owned(),
            format: StructureFormat::Smiles,
        });
        let over = Instant::now();
        let compared = matches("CO", &samples, structures.to_vec(), over).unwrap();
        assert_eq!(compared, [Some(true)]);
        let later = over + Duration::from_secs(60);
        assert_eq!(matches("CO", &samples, structures.to_vec(), later).unwrap(), [Some(true); 2]);
        assert_eq!(
            matches("CN", &samples, structures[1..].to_vec(), later).unwrap(),
            [Some(false); 2]
        );
    }
}
