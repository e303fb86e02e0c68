// The whole of RDKit that Larmor sees: text in, plain records out. No RDKit object crosses.
#pragma once
#include "rust/cxx.h"
#include <cstdint>

namespace larmor {
struct Record;
struct Picture;
Record read_smiles(rust::Str text, bool identity);
Record read_molblock(rust::Str text, bool identity);
Picture draw(rust::Str structure, bool molblock, int32_t width, int32_t height);
rust::String mol_block(rust::Str smiles);
rust::String inchi(rust::Str smiles);
double crippen_logp(rust::Str smiles);
rust::String rdkit_version();
rust::Vec<rust::String> reaction_products(rust::Str smiles, rust::Str smarts, uint32_t most);
rust::Vec<bool> has_substructure(rust::Str pattern, rust::Slice<const rust::String> structures,
                                 uint32_t milliseconds);
rust::Vec<rust::String> double_bond_isomers(rust::Str smiles);
} // namespace larmor
