//! What each call of the protocol asks of its caller. A call without a rule is answered to nobody.

use larmor_store::Role;

/// Whether a call changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It shows.
    Read,
    /// It changes.
    Change,
}

/// What a call asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its name, without that of its service.
    pub call: &'static str,
    /// The least role.
    pub least: Role,
    /// Whether it changes anything.
    pub effect: Effect,
    /// Whether a link to a sample is enough, for what is of that sample.
    pub by_link: bool,
    /// Whether only those may make it who see the data of every group.
    pub whole_facility: bool,
}

const fn read(call: &'static str) -> Rule {
    let effect = Effect::Read;
    Rule { call, least: Role::Reader, effect, by_link: false, whole_facility: false }
}

const fn linked(call: &'static str) -> Rule {
    Rule { by_link: true, ..read(call) }
}

const fn change(call: &'static str, least: Role) -> Rule {
    Rule { least, effect: Effect::Change, ..read(call) }
}

const RESULTS: &[Rule] = &[
    read("WatchResults"),
    linked("GetResult"),
    read("ListResults"),
    linked("GetSpectrum"),
    linked("GetTrace"),
    read("FindSimilarSpectra"),
];

const ACQUISITIONS: &[Rule] = &[
    read("ListAcquisitions"),
    linked("GetAcquisition"),
    change("ReprocessAcquisition", Role::Chemist),
    change("SubmitFid", Role::Chemist),
    read("ListInstruments"),
    read("GetBackfill"),
    Rule { whole_facility: true, ..change("PauseBackfill", Role::Manager) },
];

const CANDIDATES: &[Rule] = &[
    change("ProposeCandidates", Role::Chemist),
    read("ListProposals"),
    change("WithdrawProposal", Role::Chemist),
    linked("DrawStructure"),
];

const SAMPLES: &[Rule] = &[
    read("ListSamples"),
    linked("GetSample"),
    linked("GetReport"),
    linked("ExportSample"),
    change("SubmitReview", Role::Chemist),
    change("RenameSample", Role::Chemist),
    change("MergeSamples", Role::Chemist),
    change("SplitSample", Role::Chemist),
    change("DeleteSample", Role::Manager),
    read("ListSampleChanges"),
    change("ShareSample", Role::Chemist),
];

const INFO: &[Rule] = &[linked("GetInfo")];

/// The rule of the call made at a path such as `/larmor.v1.SampleService/GetSample`.
#[must_use]
pub fn rule(path: &str) -> Option<&'static Rule> {
    let (service, call) = path.strip_prefix("/larmor.v1.")?.split_once('/')?;
    let rules = match service {
        "ResultService" => RESULTS,
        "AcquisitionService" => ACQUISITIONS,
        "CandidateService" => CANDIDATES,
        "SampleService" => SAMPLES,
        "InfoService" => INFO,
        _ => return None,
    };
    rules.iter().find(|rule| rule.call == call)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use prost::Message;

    #[test]
    fn every_call_of_the_protocol_has_a_rule() {
        let protocol = prost_types::FileDescriptorSet::decode(larmor_client::DESCRIPTORS).unwrap();
        let mut calls = 0;
        for service in protocol.file.iter().filter(|file| file.package() == "larmor.v1") {
            for service in &service.service {
                for method in &service.method {
                    let path = format!("/larmor.v1.{}/{}", service.name(), method.name());
                    assert!(rule(&path).is_some(), "{path}");
                    calls += 1;
                }
            }
        }
        let rules = [RESULTS, ACQUISITIONS, CANDIDATES, SAMPLES, INFO].concat().len();
        assert_eq!(rules, calls, "rules for calls that are no more");
    }

    #[test]
    fn nothing_that_changes_is_open_to_readers_or_links() {
        for rule in [RESULTS, ACQUISITIONS, CANDIDATES, SAMPLES, INFO].concat() {
            if rule.effect == Effect::Change {
                assert!(rule.least > Role::Reader && !rule.by_link, "{}", rule.call);
            }
        }
    }

    #[test]
    fn what_is_no_call_has_no_rule() {
        for path in ["", "/", "/larmor.v1.SampleService", "/larmor.v1.SampleService/", "/x/GetInfo"]
        {
            assert_eq!(rule(path), None, "{path}");
        }
    }
}
