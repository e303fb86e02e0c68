use super::*;

fn made(smiles: &str) -> Vec<Alternative> {
    let right = Molecule::from_smiles(smiles).unwrap();
    let found = alternatives(&right, 100, 42).unwrap();
    let mut keys: HashSet<&str> = HashSet::from([right.inchikey.as_str()]);
    for other in &found {
        let text = &other.molecule.smiles;
        assert!(keys.insert(&other.molecule.inchikey), "{text} twice");
        let alike = other.molecule.inchikey_block() == right.inchikey_block();
        assert_eq!(alike, other.change.is_stereoisomer(), "{text}");
    }
    found
}

/// Canonical SMILES of a change, in alphabetical order.
fn of(found: &[Alternative], change: Change) -> Vec<&str> {
    let same = found.iter().filter(|other| other.change == change);
    let mut texts: Vec<&str> = same.map(|other| other.molecule.smiles.as_str()).collect();
    texts.sort_unstable();
    texts
}

#[test]
fn aspirin() {
    let found = made("CC(=O)Oc1ccccc1C(=O)O");
    let para_and_meta = ["CC(=O)Oc1ccc(C(=O)O)cc1", "CC(=O)Oc1cccc(C(=O)O)c1"];
    assert_eq!(of(&found, Change::Regioisomer), para_and_meta);
    assert_eq!(of(&found, Change::OMethylated), ["COC(=O)c1ccccc1OC(C)=O"]);
    assert_eq!(of(&found, Change::Deprotected), ["O=C(O)c1ccccc1O"]);
    assert_eq!(of(&found, Change::EsterReversed), ["COC(=O)c1ccccc1C(=O)O"]);
    assert_eq!(of(&found, Change::HomologueLonger), ["CCC(=O)Oc1ccccc1C(=O)O"]);
    assert_eq!(of(&found, Change::AzaSwapped).len(), 4);
    assert!(of(&found, Change::Epimer).is_empty());
}

#[test]
fn ibuprofen_has_no_epimer_as_its_mirror_image_looks_the_same() {
    let found = made("CC(C)Cc1ccc(cc1)[C@@H](C)C(=O)O");
    assert!(of(&found, Change::Epimer).is_empty());
    assert_eq!(of(&found, Change::Regioisomer).len(), 2);
    let ketone = "CC(C)C(=O)c1ccc([C@@H](C)C(=O)O)cc1";
    assert_eq!(of(&found, Change::Oxidised), [ketone]);
    let shorter = "CC(C)c1ccc([C@@H](C)C(=O)O)cc1";
    assert_eq!(of(&found, Change::HomologueShorter), [shorter]);
}

#[test]
fn paracetamol() {
    let found = made("CC(=O)Nc1ccc(O)cc1");
    assert_eq!(of(&found, Change::NMethylated), ["CC(=O)N(C)c1ccc(O)cc1"]);
    assert_eq!(of(&found, Change::OMethylated), ["COc1ccc(NC(C)=O)cc1"]);
    assert_eq!(of(&found, Change::Deprotected), ["Nc1ccc(O)cc1"]);
    assert_eq!(of(&found, Change::EsterReversed), ["CNC(=O)c1ccc(O)cc1"]);
    assert_eq!(of(&found, Change::Protected).len(), 3);
}

#[test]
fn cinnamic_acid_is_turned_where_its_configuration_is_given() {
    let found = made("OC(=O)/C=C/c1ccccc1");
    assert_eq!(of(&found, Change::DoubleBondIsomer), ["O=C(O)/C=C\\c1ccccc1"]);
    assert_eq!(of(&found, Change::Reduced), ["O=C(O)CCc1ccccc1"]);
    assert!(of(&made("OC(=O)C=Cc1ccccc1"), Change::DoubleBondIsomer).is_empty());
}

#[test]
fn menthol_has_three_epimers() {
    let found = made("CC(C)[C@@H]1CC[C@@H](C)C[C@H]1O");
    assert_eq!(of(&found, Change::Epimer).len(), 3);
    assert_eq!(of(&found, Change::Oxidised), ["CC(C)[C@@H]1CC[C@@H](C)CC1=O"]);
}

#[test]
fn a_ring_without_true_stereocentres_has_one_epimer() {
    assert_eq!(of(&made("C[C@H]1CC[C@@H](O)CC1"), Change::Epimer).len(), 1);
    // Of meso-butanediol the two epimers are mirror images of each other.
    assert_eq!(of(&made("C[C@H](O)[C@H](O)C"), Change::Epimer).len(), 1);
}

#[test]
fn bromoanisole() {
    let found = made("COc1ccc(Br)cc1");
    assert_eq!(of(&found, Change::ODemethylated), ["Oc1ccc(Br)cc1"]);
    assert_eq!(of(&found, Change::Dehalogenated), ["COc1ccccc1"]);
    assert_eq!(of(&found, Change::HalogenSwapped), ["COc1ccc(Cl)cc1", "COc1ccc(I)cc1"]);
    assert_eq!(of(&found, Change::AzaSwapped), ["COc1ccc(Br)cn1", "COc1ccc(Br)nc1"]);
}

#[test]
fn what_a_compound_is_made_of() {
    let found = made("COc1ccc(-c2ccccc2F)cc1");
    let parts = ["COc1ccc(B(O)O)cc1", "COc1ccc(Br)cc1", "Fc1ccccc1Br", "OB(O)c1ccccc1F"];
    assert_eq!(of(&found, Change::StartingMaterial), parts);
    let amide = made("O=C(Nc1ccc(Cl)cc1)c1ccc([N+](=O)[O-])cc1");
    assert!(of(&amide, Change::StartingMaterial).contains(&"Nc1ccc(Cl)cc1"));
    assert_eq!(of(&amide, Change::Hydrolysed), ["O=C(O)c1ccc([N+](=O)[O-])cc1"]);
    assert_eq!(of(&amide, Change::Reduced), ["Nc1ccc(C(=O)Nc2ccc(Cl)cc2)cc1"]);
}

#[test]
fn what_nobody_would_propose_is_not_made() {
    let found = made("COCOc1ccc(C(F)(F)F)cc1");
    assert!(of(&found, Change::ODemethylated).is_empty(), "a hemiacetal");
    assert!(of(&found, Change::Dehalogenated).is_empty());
    assert!(of(&found, Change::HalogenSwapped).is_empty());
    // Methanol and bromomethane are nobody's product.
    assert!(made("COC(=O)CCC").iter().all(|other| other.molecule.graph.len() >= 5));
}

#[test]
fn as_many_of_a_kind_as_asked_for_and_the_same_every_time() {
    let right = Molecule::from_smiles("CC(=O)Oc1ccccc1C(=O)O").unwrap();
    let draw = |seed| -> Vec<String> {
        let found = alternatives(&right, 1, seed).unwrap();
        let kinds: Vec<Change> = found.iter().map(|other| other.change).collect();
        assert!(kinds.is_sorted_by(|a, b| a < b), "one of each");
        found.into_iter().map(|other| other.molecule.smiles).collect()
    };
    assert_eq!(draw(1), draw(1));
    assert!((2..20).any(|seed| draw(seed) != draw(1)));
}
