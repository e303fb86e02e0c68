//! Data that an earlier version saw keep the identity it gave them.
#![allow(clippy::unwrap_used)]

use larmor_fixtures::test_data;
use larmor_nmr::fid;

/// Digests that version 0.2.0 computed.
const OF_0_2_0: [(&str, &str); 9] = [
    ("bruker/aspirin-1h/1", "e1a7d1ad37af694e26a751302b7a506da825684db41576cff32cb651d357e4fe"),
    (
        "bruker/naphtoicAcid-1h/1",
        "be7417fe0dbb63695e363a6c1f55f4014e0f803ede9ddc6a88f17b203f3f1521",
    ),
    // A solvent that 0.2.0 did not know.
    (
        "bruker/coffee/UV1009_M1-1003-1002_6268712_73uEjPg4XR/20",
        "23cfd75f5fa9c526630577d211f80fa0f93ce7c1f93b54d8e31953133cbdc104",
    ),
    // DEPT135.
    (
        "nmredata/arborinine_full_assignments/dj_ca_2017_ernestin_EN4/12",
        "84ecbdb02c3ab2175897b1ddf31526201667b383e0b8c24d1ecb5e3ec0a91694",
    ),
    (
        "jeol/Rutin_3080ug200uL_DMSOd6_13CNMR_400MHz_Jeol.jdf",
        "87617463aadb25479e8ab536b6002a8bd0532dfeac74fa3a15c214b3f8d038f7",
    ),
    (
        "jeol/Resveratrol1_11280u600u_MeOD.jdf",
        "ae25f5d84e14882da05e661403afea20c3b0e24391c820c56b9203ebaf812aa3",
    ),
    ("jcamp/aspirin-1h.fid.dx", "2f97ecdaa7fc011c37f19c9a6ce25c6b91eff82330f319fea782c7dfb5a3cc51"),
    ("jcamp/aspirin-1h.dx", "e6c409862bb6ef608a91ba25eb63fec4639adf824664a45dda3a1789bc6c264e"),
    (
        "nmredata/menthol_1D_1H_assigned_J/jcamp_nmr_spectra/1d1h.jcamp",
        "fc70a8efb14ba1d5b30cafe5b35ce83fb09438e196e53bffabae573bb54a6fa3",
    ),
];

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn digests_are_those_of_version_0_2_0() {
    for (path, digest) in OF_0_2_0 {
        let inspection = fid::inspect(&test_data(path)).unwrap();
        assert_eq!(inspection.digest.as_deref(), Some(digest), "{path}");
    }
}
