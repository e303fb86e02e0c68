// Structures made of a structure: by a reaction, and by turning a double bond.
#include "larmor-chemistry/src/rdkit.h"
#include "larmor-chemistry/src/rdkit.rs.h"
#include "larmor-chemistry/src/reading.h"
#include <GraphMol/ChemReactions/Reaction.h>
#include <GraphMol/ChemReactions/ReactionParser.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace larmor {
using namespace RDKit;

namespace {

// Atoms that take the hydrogens their valence leaves once a bond of theirs has changed.
void free_hydrogens(RWMol &mol) {
  static const std::set<int> plain = {6, 7, 8, 9, 16, 17, 35, 53};
  for (auto atom : mol.atoms()) {
    const bool pyrrole = atom->getAtomicNum() == 7 && atom->getIsAromatic();
    if (plain.count(atom->getAtomicNum()) && !pyrrole && atom->getFormalCharge() == 0 &&
        atom->getNumRadicalElectrons() == 0 && atom->getIsotope() == 0) {
      atom->setNoImplicit(false);
      atom->setNumExplicitHs(0);
    }
  }
  mol.updatePropertyCache(false);
}

// Most reactions that a thread remembers.
constexpr size_t MOST_REMEMBERED = 256;

// Reading a reaction costs more than running it, so that every thread remembers those it has read.
const ChemicalReaction &reaction_of(const std::string &smarts) {
  thread_local std::map<std::string, std::unique_ptr<ChemicalReaction>> known;
  const auto found = known.find(smarts);
  if (found != known.end()) {
    return *found->second;
  }
  std::unique_ptr<ChemicalReaction> reaction(RxnSmartsToChemicalReaction(smarts));
  if (!reaction || reaction->getNumReactantTemplates() != 1) {
    throw std::runtime_error("not a reaction of one reactant");
  }
  reaction->initReactantMatchers();
  if (known.size() >= MOST_REMEMBERED) {
    known.clear();
  }
  return *(known[smarts] = std::move(reaction));
}

// The reactant, ready to react; many reactions of one follow each other.
const ROMol &reactant_of(rust::Str smiles) {
  thread_local std::string text;
  thread_local std::unique_ptr<RWMol> reactant;
  const std::string asked(smiles.data(), smiles.size());
  if (!reactant || text != asked) {
    reactant.reset();
    std::unique_ptr<RWMol> read = smiles_to_mol(smiles, true);
    free_hydrogens(*read);
    reactant = std::move(read);
    text = asked;
  }
  return *reactant;
}

bool has_radical(const ROMol &mol) {
  for (const auto atom : mol.atoms()) {
    if (atom->getNumRadicalElectrons() != 0) {
      return true;
    }
  }
  return false;
}

} // namespace

rust::Vec<rust::String> reaction_products(rust::Str smiles, rust::Str smarts, uint32_t most) {
  return guarded([&] {
    const ChemicalReaction &reaction = reaction_of(std::string(smarts.data(), smarts.size()));
    const ROMol &reactant = reactant_of(smiles);
    std::set<std::string> found;
    for (const auto &products :
         reaction.runReactants({ROMOL_SPTR(new ROMol(reactant))}, most)) {
      for (const auto &product : products) {
        RWMol mol(*product);
        // What no valence allows is no product.
        try {
          MolOps::sanitizeMol(mol);
        } catch (const MolSanitizeException &) {
          continue;
        }
        if (has_radical(mol)) {
          continue;
        }
        MolOps::assignStereochemistry(mol, true, true);
        found.insert(MolToSmiles(mol));
      }
    }
    rust::Vec<rust::String> all;
    for (const auto &text : found) {
      all.push_back(rust::String(text));
    }
    return all;
  });
}

rust::Vec<rust::String> double_bond_isomers(rust::Str smiles) {
  return guarded([&] {
    const std::unique_ptr<RWMol> mol = smiles_to_mol(smiles, true);
    std::set<std::string> found;
    for (const auto bond : mol->bonds()) {
      const auto stereo = bond->getStereo();
      if (stereo != Bond::STEREOE && stereo != Bond::STEREOZ) {
        continue;
      }
      RWMol turned(*mol);
      turned.getBondWithIdx(bond->getIdx())
          ->setStereo(stereo == Bond::STEREOE ? Bond::STEREOZ : Bond::STEREOE);
      // Marks beside the bond say what it was.
      for (auto other : turned.bonds()) {
        other->setBondDir(Bond::NONE);
      }
      found.insert(MolToSmiles(turned));
    }
    rust::Vec<rust::String> all;
    for (const auto &text : found) {
      all.push_back(rust::String(text));
    }
    return all;
  });
}

} // namespace larmor
