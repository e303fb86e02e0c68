"""The 3-D geometry of a molecule as csp5 0.3.1 makes it, and the neighbours of each atom.

The same functions, seeds and settings as `csp5.predict_smiles` with its defaults, so the same
coordinates come out. What differs is only what does not change them: the geometry is made once for
all nuclei and solvents, the force field is set up once and its energy is not asked for, and all tries
together have a time limit.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from csp5._runtime import cascade_core as core
from rdkit import Chem
from rdkit.Chem import rdDistGeom, rdForceFieldHelpers

MAX_TRIES = 20
FORCE_FIELD_STEPS = 200
NEIGHBOURS = 20
CUTOFF = 5.0
CLOSEST = 0.9
# Elements that csp5 has a token for; it takes any other for one and the same unknown element.
ELEMENTS = {1: 4, 6: 2, 7: 5, 8: 3, 9: 9, 14: 11, 15: 12, 16: 7, 17: 6, 35: 8, 53: 10}


class NoGeometry(Exception):
    """A molecule without a usable geometry; the message is the reason."""


@dataclass
class Graph:
    """What the network sees: atoms, hydrogens included, and for each its nearest others."""

    tokens: np.ndarray  # (atoms,)
    neighbours: np.ndarray  # (atoms, NEIGHBOURS), -1 where there are fewer
    vectors: np.ndarray  # (atoms, NEIGHBOURS, 3), from the neighbour to the atom
    numbers: np.ndarray  # atomic numbers
    bearers: np.ndarray  # index of the heavy atom that each hydrogen sits on, -1 for heavy atoms


def graph(mol: Chem.Mol, seconds: float) -> Graph:
    """Embeds a molecule and lists the neighbours of each of its atoms.

    Raises NoGeometry when that fails or takes longer than `seconds`.
    """
    in_order, canonical, to_input, key = _canonical(mol)
    _embed(canonical, core._geometry_seed_from_key(key), seconds)
    _relax(canonical)
    positions = np.empty((in_order.GetNumAtoms(), 3))
    positions[list(to_input)] = canonical.GetConformer().GetPositions()
    numbers = np.array([atom.GetAtomicNum() for atom in in_order.GetAtoms()])
    bearers = np.full(len(numbers), -1)
    for index in np.flatnonzero(numbers == 1):
        bearers[index] = in_order.GetAtomWithIdx(int(index)).GetNeighbors()[0].GetIdx()
    tokens = np.array([ELEMENTS[number] for number in numbers.tolist()])
    return Graph(tokens, *_neighbours(positions), numbers, bearers)


def _canonical(mol: Chem.Mol) -> tuple[Chem.Mol, Chem.Mol, tuple[int, ...], str]:
    """The molecule with hydrogens in its own and in canonical order, and the way back."""
    try:
        return core._canonical_embedding_mol(mol)
    except RuntimeError as error:
        raise NoGeometry("no_canonical_order") from error


def _embed(mol: Chem.Mol, seed: int, seconds: float) -> None:
    """Gives a molecule its first conformer, try by try as csp5 does."""
    if core._should_use_2d_coords_fallback(Chem.RemoveHs(Chem.Mol(mol))):
        core._add_2d_conformers_with_z_jitter(mol, seed, num_conformers=1)
        return
    end = time.monotonic() + seconds
    settings = rdDistGeom.ETKDGv3()
    for attempt in range(MAX_TRIES):
        left = end - time.monotonic()
        if left <= 0:
            raise NoGeometry("embed_timeout")
        settings.timeout = min(core.EMBED_ATTEMPT_TIMEOUT_S, max(1, round(left)))
        settings.randomSeed = (seed + attempt) & 0x7FFFFFFF
        settings.useRandomCoords = attempt > 0
        if rdDistGeom.EmbedMolecule(mol, settings) == 0:
            return
    raise NoGeometry("embed_failed")


def _relax(mol: Chem.Mol) -> None:
    """Relaxes the conformer with MMFF, or with UFF where MMFF does not know the molecule."""
    properties = rdForceFieldHelpers.MMFFGetMoleculeProperties(mol)
    if properties is not None:
        field = rdForceFieldHelpers.MMFFGetMoleculeForceField(mol, properties)
        field.Initialize()
        if field.Minimize(maxIts=FORCE_FIELD_STEPS) in (0, 1):
            return
    if rdForceFieldHelpers.UFFHasAllMoleculeParams(mol):
        if rdForceFieldHelpers.UFFOptimizeMolecule(mol, maxIters=FORCE_FIELD_STEPS) in (0, 1):
            return
    raise NoGeometry("no_force_field")


def _neighbours(positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The nearest atoms of each atom, nearest first, and the vectors from them.

    Raises NoGeometry for coordinates that csp5 refuses.
    """
    if not np.isfinite(positions).all():
        raise NoGeometry("geometry_nonfinite")
    exact = np.sqrt(((positions[:, None] - positions[None]) ** 2).sum(axis=2))
    if len(positions) > 1 and exact[~np.eye(len(positions), dtype=bool)].min() < CLOSEST:
        raise NoGeometry("geometry_close_contact")
    # In single precision, as the network was trained, from here on.
    single = positions.astype(np.float32)
    deltas = single[:, None] - single[None]
    distances = np.sqrt((deltas * deltas).sum(axis=2))
    order = np.argsort(distances, axis=1)[:, 1 : NEIGHBOURS + 1]
    near = np.take_along_axis(distances, order, axis=1) < CUTOFF
    if not near.any(axis=1).all():
        raise NoGeometry("atom_without_neighbour")
    neighbours = np.full((len(single), NEIGHBOURS), -1)
    neighbours[:, : order.shape[1]] = np.where(near, order, -1)
    # A vector of length one, never used, where there is no neighbour.
    vectors = np.full((len(single), NEIGHBOURS, 3), 3**-0.5, dtype=np.float32)
    found = np.take_along_axis(deltas, order[:, :, None], axis=1)
    vectors[:, : order.shape[1]][near] = found[near]
    return neighbours, vectors
