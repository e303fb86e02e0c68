#include "larmor-chemistry/src/rdkit.h"
#include "larmor-chemistry/src/rdkit.rs.h"
#include "larmor-chemistry/src/reading.h"
#include <GraphMol/Depictor/RDDepictor.h>
#include <GraphMol/Descriptors/Crippen.h>
#include <GraphMol/Descriptors/MolDescriptors.h>
#include <GraphMol/FileParsers/FileParsers.h>
#include <GraphMol/MolDraw2D/MolDraw2DSVG.h>
#include <GraphMol/MolDraw2D/MolDraw2DUtils.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/RingInfo.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <GraphMol/new_canon.h>
#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

// RDKit ships these symbols but not the header that declares them.
namespace RDKit {
struct ExtraInchiReturnValues {
  int returnCode;
  std::string messagePtr, logPtr, auxInfoPtr;
};
std::string MolToInchi(const ROMol &mol, ExtraInchiReturnValues &rv, const char *options);
std::string InchiToInchiKey(const std::string &inchi);
extern const char *rdkitVersion;
} // namespace RDKit

namespace larmor {
using namespace RDKit;

namespace {

constexpr const char *SOURCE_INDEX = "larmorSourceIndex";

// Explicit hydrogens leave the graph, but atoms remember where they stood in the input.
void drop_hydrogens(RWMol &mol) {
  bool any = false;
  for (auto atom : mol.atoms()) {
    any |= atom->getAtomicNum() == 1;
  }
  if (!any) {
    return;
  }
  for (auto atom : mol.atoms()) {
    atom->setProp(SOURCE_INDEX, static_cast<int>(atom->getIdx()));
  }
  MolOps::removeHs(mol);
}

uint8_t cip(const Atom &atom) {
  std::string code;
  if (!atom.getPropIfPresent(common_properties::_CIPCode, code) || code.empty()) {
    return 0;
  }
  return code[0] == 'R' ? 1 : code[0] == 'S' ? 2 : 0;
}

uint8_t ring_sizes(const RingInfo &rings, unsigned atom) {
  uint8_t bits = 0;
  for (unsigned size = 3; size <= 8; ++size) {
    bits |= rings.isAtomInRingOfSize(atom, size) ? 1u << (size - 3) : 0;
  }
  return bits;
}

std::unique_ptr<RWMol> molblock_to_mol(rust::Str text) {
  std::unique_ptr<RWMol> mol(MolBlockToMol(std::string(text.data(), text.size()), true, false));
  if (!mol) {
    throw std::runtime_error("not a mol block that RDKit reads");
  }
  return mol;
}

// Whether atoms have places in a plane, and not all the same.
bool is_laid_out(const ROMol &mol) {
  if (mol.getNumConformers() == 0 || mol.getConformer().is3D()) {
    return false;
  }
  const auto &places = mol.getConformer().getPositions();
  return std::any_of(places.begin(), places.end(), [&](const auto &place) {
    return std::abs(place.x - places[0].x) + std::abs(place.y - places[0].y) > 1e-3;
  });
}

Record record(const RWMol &mol, bool identity) {
  Record r;
  const RingInfo &rings = *mol.getRingInfo();
  for (const auto atom : mol.atoms()) {
    int source = static_cast<int>(atom->getIdx());
    atom->getPropIfPresent(SOURCE_INDEX, source);
    r.source.push_back(source);
    r.element.push_back(atom->getAtomicNum());
    r.charge.push_back(atom->getFormalCharge());
    r.hydrogens.push_back(atom->getTotalNumHs());
    r.degree.push_back(atom->getDegree());
    r.hybridisation.push_back(static_cast<uint8_t>(atom->getHybridization()));
    r.chiral_tag.push_back(static_cast<uint8_t>(atom->getChiralTag()));
    r.cip.push_back(cip(*atom));
    r.aromatic.push_back(atom->getIsAromatic());
    r.radicals.push_back(atom->getNumRadicalElectrons());
    r.ring_sizes.push_back(ring_sizes(rings, atom->getIdx()));
    r.ring_count.push_back(rings.numAtomRings(atom->getIdx()));
  }
  for (const auto bond : mol.bonds()) {
    r.begin.push_back(bond->getBeginAtomIdx());
    r.end.push_back(bond->getEndAtomIdx());
    r.bond_type.push_back(static_cast<uint8_t>(bond->getBondType()));
    r.bond_direction.push_back(static_cast<uint8_t>(bond->getBondDir()));
    r.bond_stereo.push_back(static_cast<uint8_t>(bond->getStereo()));
    r.bond_conjugated.push_back(bond->getIsConjugated());
    r.bond_in_ring.push_back(rings.numBondRings(bond->getIdx()) != 0);
  }
  std::vector<unsigned int> ranks;
  Canon::rankMolAtoms(mol, ranks, false, false, true);
  for (auto rank : ranks) {
    r.symmetry.push_back(rank);
  }
  r.formula = Descriptors::calcMolFormula(mol);
  if (identity) {
    r.canonical_smiles = MolToSmiles(mol);
    ExtraInchiReturnValues ignored;
    const std::string inchi = MolToInchi(mol, ignored, "");
    if (!inchi.empty()) {
      r.inchikey = InchiToInchiKey(inchi);
    }
  }
  return r;
}

} // namespace

Record read_smiles(rust::Str text, bool identity) {
  return guarded([&] {
    auto mol = smiles_to_mol(text);
    drop_hydrogens(*mol);
    return record(*mol, identity);
  });
}

Record read_molblock(rust::Str text, bool identity) {
  return guarded([&] {
    auto mol = molblock_to_mol(text);
    drop_hydrogens(*mol);
    return record(*mol, identity);
  });
}

Picture draw(rust::Str structure, bool molblock, int32_t width, int32_t height) {
  return guarded([&] {
    auto mol = molblock ? molblock_to_mol(structure) : smiles_to_mol(structure);
    const unsigned atoms = mol->getNumAtoms();
    Picture picture;
    for (auto atom : mol->atoms()) {
      picture.element.push_back(rust::String(atom->getSymbol()));
      picture.hydrogens.push_back(static_cast<uint8_t>(atom->getTotalNumHs()));
    }
    // Hydrogens that show a configuration are put behind the atoms of the input.
    MolDraw2DUtils::prepareMolForDrawing(*mol, true, true, true, !is_laid_out(*mol));
    MolDraw2DSVG drawer(width, height);
    drawer.drawOptions().prepareMolsBeforeDrawing = false;
    drawer.drawOptions().clearBackground = false;
    drawer.drawOptions().maxFontSize = 16;
    drawer.drawOptions().fixedBondLength = 32;
    drawer.drawMolecule(*mol);
    drawer.finishDrawing();
    for (unsigned atom = 0; atom < atoms; ++atom) {
      auto at = drawer.getDrawCoords(static_cast<int>(atom));
      picture.x.push_back(at.x);
      picture.y.push_back(at.y);
    }
    picture.svg = rust::String(drawer.getDrawingText());
    return picture;
  });
}

rust::String mol_block(rust::Str smiles) {
  return guarded([&] {
    auto mol = smiles_to_mol(smiles);
    RDDepict::compute2DCoords(*mol);
    return rust::String(MolToMolBlock(*mol));
  });
}

rust::String inchi(rust::Str smiles) {
  return guarded([&] {
    auto mol = smiles_to_mol(smiles);
    ExtraInchiReturnValues ignored;
    return rust::String(MolToInchi(*mol, ignored, ""));
  });
}

double crippen_logp(rust::Str smiles) {
  return guarded([&] { return Descriptors::calcClogP(*smiles_to_mol(smiles)); });
}

rust::String rdkit_version() { return rust::String(rdkitVersion); }

} // namespace larmor
