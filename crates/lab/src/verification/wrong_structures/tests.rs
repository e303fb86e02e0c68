use super::*;

fn made(smiles: &str) -> Vec<WrongStructure> {
    let right = Molecule::from_smiles(smiles).unwrap();
    let found = wrong_structures(&right, 100, 42).unwrap();
    let mut keys: HashSet<&str> = HashSet::from([right.inchikey.as_str()]);
    for wrong in &found {
        let text = &wrong.molecule.smiles;
        assert!(keys.insert(&wrong.molecule.inchikey), "{text} twice");
        let alike = wrong.molecule.inchikey_block() == right.inchikey_block();
        assert_eq!(alike, wrong.kind.is_stereoisomer(), "{text}");
    }
    found
}

/// Canonical SMILES of a kind, in alphabetical order.
fn of(found: &[WrongStructure], kind: WrongKind) -> Vec<&str> {
    let same = found.iter().filter(|wrong| wrong.kind == kind);
    let mut texts: Vec<&str> = same.map(|wrong| wrong.molecule.smiles.as_str()).collect();
    texts.sort_unstable();
    texts
}

#[test]
fn aspirin() {
    let found = made("CC(=O)Oc1ccccc1C(=O)O");
    let para_and_meta = ["CC(=O)Oc1ccc(C(=O)O)cc1", "CC(=O)Oc1cccc(C(=O)O)c1"];
    assert_eq!(of(&found, WrongKind::Regioisomer), para_and_meta);
    assert_eq!(of(&found, WrongKind::OMethylated), ["COC(=O)c1ccccc1OC(C)=O"]);
    assert_eq!(of(&found, WrongKind::Deprotected), ["O=C(O)c1ccccc1O"]);
    assert_eq!(of(&found, WrongKind::EsterReversed), ["COC(=O)c1ccccc1C(=O)O"]);
    assert_eq!(of(&found, WrongKind::HomologueLonger), ["CCC(=O)Oc1ccccc1C(=O)O"]);
    assert_eq!(of(&found, WrongKind::AzaSwapped).len(), 4);
    assert!(of(&found, WrongKind::Epimer).is_empty());
}

#[test]
fn ibuprofen_has_no_epimer_as_its_mirror_image_looks_the_same() {
    let found = made("CC(C)Cc1ccc(cc1)[C@@H](C)C(=O)O");
    assert!(of(&found, WrongKind::Epimer).is_empty());
    assert_eq!(of(&found, WrongKind::Regioisomer).len(), 2);
    let ketone = "CC(C)C(=O)c1ccc([C@@H](C)C(=O)O)cc1";
    assert_eq!(of(&found, WrongKind::Oxidised), [ketone]);
    let shorter = "CC(C)c1ccc([C@@H](C)C(=O)O)cc1";
    assert_eq!(of(&found, WrongKind::HomologueShorter), [shorter]);
}

#[test]
fn paracetamol() {
    let found = made("CC(=O)Nc1ccc(O)cc1");
    assert_eq!(of(&found, WrongKind::NMethylated), ["CC(=O)N(C)c1ccc(O)cc1"]);
    assert_eq!(of(&found, WrongKind::OMethylated), ["COc1ccc(NC(C)=O)cc1"]);
    assert_eq!(of(&found, WrongKind::Deprotected), ["Nc1ccc(O)cc1"]);
    assert_eq!(of(&found, WrongKind::EsterReversed), ["CNC(=O)c1ccc(O)cc1"]);
    assert_eq!(of(&found, WrongKind::Protected).len(), 3);
}

#[test]
fn cinnamic_acid_is_turned_where_its_configuration_is_given() {
    let found = made("OC(=O)/C=C/c1ccccc1");
    assert_eq!(of(&found, WrongKind::DoubleBondIsomer), ["O=C(O)/C=C\\c1ccccc1"]);
    assert_eq!(of(&found, WrongKind::Reduced), ["O=C(O)CCc1ccccc1"]);
    assert!(of(&made("OC(=O)C=Cc1ccccc1"), WrongKind::DoubleBondIsomer).is_empty());
}

#[test]
fn menthol_has_three_epimers() {
    let found = made("CC(C)[C@@H]1CC[C@@H](C)C[C@H]1O");
    assert_eq!(of(&found, WrongKind::Epimer).len(), 3);
    assert_eq!(of(&found, WrongKind::Oxidised), ["CC(C)[C@@H]1CC[C@@H](C)CC1=O"]);
}

#[test]
fn a_ring_without_true_stereocentres_has_one_epimer() {
    assert_eq!(of(&made("C[C@H]1CC[C@@H](O)CC1"), WrongKind::Epimer).len(), 1);
    // Of meso-butanediol the two epimers are mirror images of each other.
    assert_eq!(of(&made("C[C@H](O)[C@H](O)C"), WrongKind::Epimer).len(), 1);
}

#[test]
fn bromoanisole() {
    let found = made("COc1ccc(Br)cc1");
    assert_eq!(of(&found, WrongKind::ODemethylated), ["Oc1ccc(Br)cc1"]);
    assert_eq!(of(&found, WrongKind::Dehalogenated), ["COc1ccccc1"]);
    assert_eq!(of(&found, WrongKind::HalogenSwapped), ["COc1ccc(Cl)cc1", "COc1ccc(I)cc1"]);
    assert_eq!(of(&found, WrongKind::AzaSwapped), ["COc1ccc(Br)cn1", "COc1ccc(Br)nc1"]);
}

#[test]
fn what_a_compound_is_made_of() {
    let found = made("COc1ccc(-c2ccccc2F)cc1");
    let parts = ["COc1ccc(B(O)O)cc1", "COc1ccc(Br)cc1", "Fc1ccccc1Br", "OB(O)c1ccccc1F"];
    assert_eq!(of(&found, WrongKind::StartingMaterial), parts);
    let amide = made("O=C(Nc1ccc(Cl)cc1)c1ccc([N+](=O)[O-])cc1");
    assert!(of(&amide, WrongKind::StartingMaterial).contains(&"Nc1ccc(Cl)cc1"));
    assert_eq!(of(&amide, WrongKind::Hydrolysed), ["O=C(O)c1ccc([N+](=O)[O-])cc1"]);
    assert_eq!(of(&amide, WrongKind::Reduced), ["Nc1ccc(C(=O)Nc2ccc(Cl)cc2)cc1"]);
}

#[test]
fn what_nobody_would_propose_is_not_made() {
    let found = made("COCOc1ccc(C(F)(F)F)cc1");
    assert!(of(&found, WrongKind::ODemethylated).is_empty(), "a hemiacetal");
    assert!(of(&found, WrongKind::Dehalogenated).is_empty());
    assert!(of(&found, WrongKind::HalogenSwapped).is_empty());
    // Methanol and bromomethane are nobody's product.
    assert!(made("COC(=O)CCC").iter().all(|wrong| wrong.molecule.graph.len() >= 5));
}

#[test]
fn as_many_of_a_kind_as_asked_for_and_the_same_every_time() {
    let right = Molecule::from_smiles("CC(=O)Oc1ccccc1C(=O)O").unwrap();
    let draw = |seed| -> Vec<String> {
        let found = wrong_structures(&right, 1, seed).unwrap();
        let kinds: Vec<WrongKind> = found.iter().map(|wrong| wrong.kind).collect();
        assert!(kinds.is_sorted_by(|a, b| a < b), "one of each");
        found.into_iter().map(|wrong| wrong.molecule.smiles).collect()
    };
    assert_eq!(draw(1), draw(1));
    assert!((2..20).any(|seed| draw(seed) != draw(1)));
}
