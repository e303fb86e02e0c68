// What every part of the bridge does alike: errors made Rust's, and SMILES read.
#pragma once
#include "rust/cxx.h"
#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <RDGeneral/RDLog.h>
#include <memory>
#include <stdexcept>

namespace larmor {

// Every C++ exception becomes one that cxx turns into a Rust error.
template <class F> auto guarded(F &&body) -> decltype(body()) {
  static const bool quiet = (boost::logging::disable_logs("rdApp.*"), true);
  (void)quiet;
  try {
    return body();
  } catch (const std::exception &e) {
    throw std::runtime_error(e.what());
  } catch (...) {
    throw std::runtime_error("unknown C++ exception");
  }
}

inline std::unique_ptr<RDKit::RWMol> smiles_to_mol(rust::Str text, bool remove_hydrogens = false) {
  RDKit::SmilesParserParams params;
  params.removeHs = remove_hydrogens;
  std::unique_ptr<RDKit::RWMol> mol(
      RDKit::SmilesToMol(std::string(text.data(), text.size()), params));
  if (!mol) {
    throw std::runtime_error("not a SMILES that RDKit reads");
  }
  return mol;
}

} // namespace larmor
