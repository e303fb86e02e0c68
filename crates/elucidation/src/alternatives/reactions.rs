//! What makes one structure of another, as reaction SMARTS.

use super::change::Change;
use larmor_chemistry::{MoleculeError, reaction_products};

/// Places of a molecule that one pattern changes, at most.
const MOST_PLACES: u32 = 200;

/// SMILES of what a change makes of a structure, pattern by pattern: some may come more than once.
/// None of a stereoisomer, which is not made by a pattern.
pub(super) fn products(smiles: &str, change: Change) -> Result<Vec<String>, MoleculeError> {
    let mut made = Vec::new();
    for reaction in reactions_of(change) {
        made.extend(reaction_products(smiles, reaction, MOST_PLACES)?);
    }
    Ok(made)
}

/// What one kind of change does, in as many patterns as it takes.
fn reactions_of(change: Change) -> &'static [&'static str] {
    match change {
        Change::Regioisomer => &[
            // To the neighbouring atom, to the one after it, across a ring of six.
            "[!#1:1]-!@[c:2]:[cH:3]>>[*:1]-[c:3]:[c:2]",
            "[!#1:1]-!@[c:2]:[a:4]:[cH:3]>>[*:1]-[c:3]:[*:4]:[c:2]",
            "[!#1:1]-!@[c;r6:2]1:[a:4]:[a:5]:[cH:3]:[a:6]:[a:7]:1>>\
             [*:1]-[c:3]1:[*:5]:[*:4]:[c:2]:[*:7]:[*:6]:1",
        ],
        Change::PositionalIsomer => &[
            "[OX2,NX3,SX2,F,Cl,Br,I;!$([*]C=[O,N,S]):1]-!@[CX4;!H3:2]-[CX4;!H0:3]>>\
             [*:1]-[C:3]-[C:2]",
            "[CH3:1]-[CX4;!H3:2]-[CX4;!H0;!H3:3]>>[C:1]-[C:3]-[C:2]",
            "[C:1]=[CX3;!$(C=[!#6]):2]-[CX4;!H0:3]>>[C:1]-[C:2]=[C:3]",
            "[C;$(C([#6])[#6]),$([CH1][#6]):1](=[O:2])-!@[CH2:3]>>[C:1]-[C:3]=[O:2]",
        ],
        Change::DoubleBondIsomer | Change::Epimer => &[],
        Change::NMethylated => {
            &["[N;X3;!H0;+0;!$(N=*);!$(NS(=O)=O):1]>>[N:1]C", "[nH;+0:1]>>[n:1]C"]
        }
        Change::OMethylated => &["[OX2H;$(O[#6]):1]>>[O:1]C"],
        Change::NDemethylated => &["[NX3;+0:1]-!@[CH3]>>[N:1]", "[nX3;+0:1]-!@[CH3]>>[nH:1]"],
        // Not of a methoxymethyl, which nothing takes to a hemiacetal.
        Change::ODemethylated => &["[OX2;!$(O[CX4][O,N]):1]-[CH3]>>[O:1]"],
        Change::HomologueLonger => &[
            "[CX4;H2,H3:1]-!@[C,c,N,n,O,S;!H3:2]>>[C:1]-C-[*:2]",
            "[CX4H2;R:1]-;@[CX4H2;R:2]>>[C:1]-C-[C:2]",
        ],
        Change::HomologueShorter => &[
            "[#6:1]-!@[CX4H2]-!@[*:2]>>[*:1]-[*:2]",
            "[CX4;r5,r6,r7:1]-;@[CX4H2;r5,r6,r7;R1]-;@[*;r5,r6,r7:2]>>[C:1]-[*:2]",
        ],
        Change::Protected => PROTECTED,
        Change::Deprotected => &[
            "[NX3,OX2:1]-!@C(=O)OC([CH3])([CH3])[CH3]>>[*:1]",
            "[NX3,OX2:1]-!@C(=O)[CH3]>>[*:1]",
            "[NX3,OX2:1]-!@[CH2]c1[cH][cH][cH][cH][cH]1>>[*:1]",
            "[OX2:1]-!@[Si]([CH3])([CH3])C([CH3])([CH3])[CH3]>>[O:1]",
        ],
        Change::Hydrolysed => &[
            "[CX3;$(C[#6]):1](=[O:2])-!@[OX2:3]-!@[#6]>>[C:1](=[O:2])-[O:3]",
            "[CX3;$(C[#6]):1](=[O:2])-!@[NX3]>>[C:1](=[O:2])-O",
            "[CX3;$(C[#6]):1](=[O:2])-@[OX2,NX3:3]>>([C:1](=[O:2])O.[*:3])",
        ],
        Change::Reduced => &[
            "[CX3;$(C([#6])[#6]),$([CH1][#6]):1]=[OX1:2]>>[C:1]-[O:2]",
            "[CX3:1]=[CX3:2]>>[C:1]-[C:2]",
            "[C:1]#[C:2]>>[C:1]=[C:2]",
            "[C:1]#[C:2]>>[C:1]-[C:2]",
            "[CX3:1]=[NX2:2]>>[C:1]-[N:2]",
            "[#6:1]-[N+](=O)[O-]>>[*:1]-N",
            "[C:1]#[NX1:2]>>[C:1]-[N:2]",
        ],
        Change::Oxidised => &[
            "[CX4;!H0:1]-[OX2H:2]>>[C:1]=[O:2]",
            "[c:1]-!@[CX4H2:2]-[#6:3]>>[c:1]-[C:2](=O)-[*:3]",
            "[c:1]-[CH3:2]>>[c:1]-[C:2]=O",
            "[CX3H1;$(C[#6]):1]=[O:2]>>[C:1](O)=[O:2]",
            "[SX2;$(S([#6])[#6]):1]>>[S:1]=O",
        ],
        Change::Dehalogenated => &["[#6;!$(C(F)(F)F):1]-[F,Cl,Br,I]>>[*:1]"],
        Change::HalogenSwapped => &[
            "[#6;!$(C(F)(F)F):1]-[F]>>[*:1]-Cl",
            "[#6:1]-[Cl]>>[*:1]-F",
            "[#6:1]-[Cl]>>[*:1]-Br",
            "[#6:1]-[Br]>>[*:1]-Cl",
            "[#6:1]-[Br]>>[*:1]-I",
            "[#6:1]-[I]>>[*:1]-Br",
        ],
        Change::AzaSwapped => &["[cH:1]>>[n:1]", "[nX2;r6:1]>>[c:1]"],
        Change::EsterReversed => &[
            "[#6:1]-!@[CX3:3](=[O:4])-!@[OX2:5]-!@[#6:2]>>[*:1]-[O:5]-[C:3](=[O:4])-[*:2]",
            "[#6:1]-!@[CX3:3](=[O:4])-!@[NX3H1:5]-!@[#6:2]>>[*:1]-[N:5]-[C:3](=[O:4])-[*:2]",
        ],
        Change::StartingMaterial => STARTING_MATERIALS,
    }
}

const PROTECTED: &[&str] = &[
    "[N;X3;!H0;+0;!$(N=*);!$(NC=[O,S,N]);!$(NS(=O)=O):1]>>[N:1]C(=O)OC(C)(C)C",
    "[N;X3;!H0;+0;!$(N=*);!$(NC=[O,S,N]);!$(NS(=O)=O):1]>>[N:1]C(C)=O",
    "[N;X3;!H0;+0;!$(N=*);!$(NC=[O,S,N]);!$(NS(=O)=O):1]>>[N:1]Cc1ccccc1",
    "[OX2H;$(O[#6]);!$(OC=O):1]>>[O:1]C(C)=O",
    "[OX2H;$(O[#6]);!$(OC=O):1]>>[O:1]Cc1ccccc1",
    "[OX2H;$(O[#6]);!$(OC=O):1]>>[O:1][Si](C)(C)C(C)(C)C",
];

/// Cross-couplings, acylations, alkylations and arylations of amines, ethers, sulfonamides.
const STARTING_MATERIALS: &[&str] = &[
    "[c:1]-!@[c:2]>>[c:1]Br.[c:2]B(O)O",
    "[CX3;$(C[#6]):1](=[O:2])-!@[NX3:3]>>[C:1](=[O:2])O.[N:3]",
    "[CX3;$(C[#6]):1](=[O:2])-!@[OX2H0:3]>>[C:1](=[O:2])O.[O:3]",
    "[NX3;!$(NC=[O,S]):1]-!@[CX4;!H0:2]>>[N:1].[C:2]Br",
    "[nX3:1]-!@[CX4;!H0:2]>>[nH:1].[C:2]Br",
    "[NX3;!$(NC=[O,S]):1]-!@[c:2]>>[N:1].[c:2]Br",
    "[c:3]-[OX2:1]-!@[CX4;H2,H3:2]>>[c:3]-[O:1].[C:2]Br",
    "[SX4:1](=[O:3])(=[O:4])-!@[NX3:2]>>[S:1](=[O:3])(=[O:4])Cl.[N:2]",
    "[c:1]-!@[C:2]#[C:3]>>[c:1]I.[C:2]#[C:3]",
];
