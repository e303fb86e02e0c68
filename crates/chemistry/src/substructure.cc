// Whether a pattern is a part of structures.
#include "larmor-chemistry/src/rdkit.h"
#include "larmor-chemistry/src/rdkit.rs.h"
#include "larmor-chemistry/src/reading.h"
#include <GraphMol/MolOps.h>
#include <GraphMol/QueryAtom.h>
#include <GraphMol/QueryOps.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/Substruct/SubstructMatch.h>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

namespace larmor {
using namespace RDKit;

namespace {

// Elements that a SMILES writes without brackets.
bool may_stand_bare(const Atom &atom) {
  switch (atom.getAtomicNum()) {
  case 5: case 6: case 7: case 8: case 9: case 15: case 16: case 17: case 35: case 53:
    return true;
  default:
    return false;
  }
}

// Hydrogens that the SMILES writes though the atom would do without brackets: they are meant.
unsigned meant_hydrogens(const Atom &atom) {
  const bool needs_brackets = !may_stand_bare(atom) || atom.getIsAromatic() || atom.getFormalCharge() != 0 ||
                              atom.getIsotope() != 0 ||
                              atom.getChiralTag() != Atom::CHI_UNSPECIFIED;
  return needs_brackets ? 0 : atom.getNumExplicitHs();
}

// A SMILES as a pattern: atoms by their element, bonds by their order, * for any atom. One of a
// radical is none: who writes [CH3] means a methyl group.
std::unique_ptr<RWMol> pattern_of_smiles(const std::string &text) {
  SmilesParserParams params;
  std::unique_ptr<RWMol> mol;
  try {
    mol.reset(SmilesToMol(text, params));
  } catch (const MolSanitizeException &) {
    return nullptr;
  } catch (const SmilesParseException &) {
    return nullptr;
  }
  if (!mol || mol->getNumAtoms() == 0) {
    return nullptr;
  }
  std::vector<unsigned> meant;
  for (const auto atom : mol->atoms()) {
    if (atom->getNumRadicalElectrons() != 0) {
      return nullptr;
    }
    meant.push_back(meant_hydrogens(*atom));
  }
  auto adjust = MolOps::AdjustQueryParameters::noAdjustments();
  adjust.makeDummiesQueries = true;
  MolOps::adjustQueryProperties(*mol, &adjust);
  for (unsigned place = 0; place < meant.size(); ++place) {
    if (meant[place] != 0) {
      auto at_least = makeAtomSimpleQuery<ATOM_LESSEQUAL_QUERY>(
          static_cast<int>(meant[place]), queryAtomHCount, "at least so many hydrogens");
      QueryOps::replaceAtomWithQueryAtom(mol.get(), mol->getAtomWithIdx(place))
          ->expandQuery(at_least, Queries::COMPOSITE_AND);
    }
  }
  return mol;
}

std::unique_ptr<RWMol> pattern_of(const std::string &text) {
  if (auto mol = pattern_of_smiles(text)) {
    return mol;
  }
  std::unique_ptr<RWMol> mol;
  try {
    mol.reset(SmartsToMol(text));
  } catch (const SmilesParseException &) {
  }
  if (!mol || mol->getNumAtoms() == 0) {
    throw std::runtime_error("neither a SMILES nor a SMARTS");
  }
  return mol;
}

// One pattern is held against many structures, call after call.
const ROMol &remembered_pattern(rust::Str text) {
  thread_local std::string known;
  thread_local std::unique_ptr<RWMol> pattern;
  const std::string asked(text.data(), text.size());
  if (!pattern || known != asked) {
    pattern.reset();
    pattern = pattern_of(asked);
    known = asked;
  }
  return *pattern;
}

} // namespace

// Ends at the structure that cannot be decided in time.
rust::Vec<bool> has_substructure(rust::Str pattern, rust::Slice<const rust::String> structures,
                                 uint32_t milliseconds) {
  return guarded([&] {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::milliseconds(milliseconds);
    const ROMol &query = remembered_pattern(pattern);
    bool late = false;
    unsigned compared = 0;
    SubstructMatchParameters params;
    params.maxMatches = 1;
    // Once time is up no atom fits any more, and the search comes to its end soon.
    params.extraAtomCheck = [&](const Atom &, const Atom &) {
      if (++compared % 256 == 0) {
        late = late || Clock::now() > end;
      }
      return !late;
    };
    rust::Vec<bool> found;
    for (const auto &text : structures) {
      std::unique_ptr<RWMol> mol;
      try {
        mol = smiles_to_mol(rust::Str(text.data(), text.size()), true);
      } catch (const std::exception &) {
        found.push_back(false);
        continue;
      }
      const bool is_part = !SubstructMatch(*mol, query, params).empty();
      if (!is_part && late) {
        break;
      }
      found.push_back(is_part);
    }
    return found;
  });
}

} // namespace larmor
