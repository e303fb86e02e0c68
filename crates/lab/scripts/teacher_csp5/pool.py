"""Which molecules of a pool are labelled, and in what order."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from rdkit import Chem

from .geometry import ELEMENTS

MAX_HEAVY_ATOMS = 36


def opened(path: Path) -> IO[str]:
    """A text file for reading, gzipped or not."""
    return gzip.open(path, "rt") if path.suffix == ".gz" else open(path)


def block(mol: Chem.Mol) -> str:
    """First block of the InChIKey: the molecule whatever its stereochemistry; '' if there is none."""
    return Chem.MolToInchiKey(mol)[:14]


def excluded_blocks(lists: Iterable[Path], labelled: Iterable[Path]) -> dict[str, str]:
    """Blocks not to label and why: of lists (block first on a line, `#` begins a comment), and of
    files of labels (JSON lines with `smiles`) made before."""
    blocks = {}
    for path in labelled:
        with opened(path) as lines:
            for line in lines:
                mol = Chem.MolFromSmiles(json.loads(line)["smiles"])
                blocks[block(mol)] = "labelled_before"
    for path in lists:
        with opened(path) as lines:
            for line in lines:
                words = line.split("#")[0].split()
                if words and not (len(words[0]) >= 14 and words[0][:14].isalpha() and words[0][:14].isupper()):
                    raise ValueError(f"{path}: '{words[0]}' does not start with an InChIKey block")
                if words:
                    blocks[words[0][:14]] = "excluded"
    return blocks


def unfit(smiles: str, mol: Chem.Mol | None) -> str | None:
    """Why a molecule is not labelled at all, None for one that is."""
    if mol is None:
        return "not_understood"
    if "." in smiles:
        return "several_fragments"
    if "[H]" in smiles:
        return "explicit_hydrogen"
    if mol.GetNumHeavyAtoms() > MAX_HEAVY_ATOMS:
        return "too_many_atoms"
    atoms = list(mol.GetAtoms())
    if any(atom.GetIsotope() for atom in atoms):
        return "isotope"
    if any(atom.GetAtomicNum() not in ELEMENTS for atom in atoms):
        return "unsupported_element"
    if not any(atom.GetAtomicNum() == 6 for atom in atoms):
        return "no_carbon"
    return None


def ordered(pool: Path, out: Path) -> Path:
    """The molecules of the pool in pseudo-random order, by a hash of their canonical SMILES.

    Written to `order.smi` once, and what is left out to `left_out.tsv`; both are made anew for
    another pool.
    """
    order = out / "order.smi"
    mark = f"# {hashlib.sha256(pool.read_bytes()).hexdigest()} {MAX_HEAVY_ATOMS}\n"
    if order.exists():
        with open(order) as file:
            if file.readline() == mark:
                return order
    found: dict[bytes, str] = {}
    with opened(pool) as lines, open(out / "left_out.tsv", "w") as left_out:
        for smiles in (line.split()[0] for line in lines if line.strip()):
            mol = Chem.MolFromSmiles(smiles)
            reason = unfit(smiles, mol)
            if reason is None:
                digest = hashlib.blake2b(Chem.MolToSmiles(mol).encode(), digest_size=12).digest()
                reason = "same_canonical_smiles" if digest in found else None
                found.setdefault(digest, smiles)
            if reason is not None:
                left_out.write(f"{smiles}\t{reason}\n")
    unfinished = order.with_suffix(".part")
    with open(unfinished, "w") as file:
        file.write(mark)
        file.writelines(f"{smiles}\n" for _, smiles in sorted(found.items()))
    os.replace(unfinished, order)
    return order


def molecules(order: Path, limit: int | None) -> Iterator[tuple[int, str]]:
    """Place in the order and SMILES, for the first `limit` molecules or for all."""
    with open(order) as lines:
        next(lines)
        for place, line in enumerate(lines):
            if limit is not None and place >= limit:
                return
            yield place, line.rstrip("\n")
