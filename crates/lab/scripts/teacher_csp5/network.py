"""The networks of csp5 0.3.1, computed so that one core gets through many molecules.

The same arithmetic as `csp5`'s PaiNN on the same weights. Each atom's neighbours are laid out in a
table of fixed width, so that sums over neighbours need no scattering; atoms are taken in pieces that
stay in the cache; the last layer is computed for the wanted nucleus alone; and as the solvent enters
only after the last layer, further solvents cost next to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from csp5 import api
from csp5.model_registry import PLAUSIBLE_SHIFT_WINDOW_PPM, resolve_solvent

from .geometry import NEIGHBOURS, Graph

# Atoms whose neighbours are gathered at once, chosen for the cache of one core.
PIECE = 16


class Batch:
    """Several molecules as one graph."""

    def __init__(self, graphs: Sequence[Graph]) -> None:
        starts = np.cumsum([0] + [len(graph.tokens) for graph in graphs])
        self.atoms = int(starts[-1])
        joined = [np.where(g.neighbours < 0, self.atoms, g.neighbours + s) for g, s in zip(graphs, starts)]
        self.tokens = torch.from_numpy(np.concatenate([graph.tokens for graph in graphs]))
        # Missing neighbours point to a row of zeros behind the last atom.
        self.neighbours = torch.from_numpy(np.concatenate(joined))
        vectors = torch.from_numpy(np.concatenate([graph.vectors for graph in graphs]))
        self.distances = torch.linalg.norm(vectors, dim=2, keepdim=True)
        self.directions = (vectors / self.distances).transpose(1, 2).contiguous()
        self.numbers = np.concatenate([graph.numbers for graph in graphs])
        self.sizes = [len(graph.numbers) for graph in graphs]


class Network:
    """One of the packaged networks, for one nucleus."""

    def __init__(self, nucleus: str, solvents: Sequence[str]) -> None:
        artifacts = api._load_artifacts_cached(f"csp5-{nucleus.lower()}", "cpu")
        assert (artifacts.output_scale, artifacts.output_bias) == (1.0, 0.0), "shifts come in ppm"
        self.model = artifacts.model
        self.number = {"13C": 6, "1H": 1}[nucleus]
        self.window = PLAUSIBLE_SHIFT_WINDOW_PPM[nucleus]
        self.solvents = []
        for solvent in solvents:
            found = resolve_solvent(solvent)
            if not found.recognized:
                raise ValueError(f"csp5 does not know the solvent {solvent}")
            self.solvents.append(found.solvent_id)
        # The bias as the weight of one more input, which is always 1: saves a pass over the result.
        filters = [torch.cat([c.dense_w.weight, c.dense_w.bias[:, None]], dim=1) for c in self.model.convs]
        self.filters = [f.detach().T.contiguous() for f in filters]
        self.uv = [torch.cat([u.lin_u.weight, u.lin_v.weight]).detach().T.contiguous() for u in self.model.updates]

    @torch.inference_mode()
    def shifts(self, batch: Batch) -> list[np.ndarray]:
        """For each molecule an array (solvents, atoms of this nucleus), in the order of the atoms."""
        wanted = np.flatnonzero(batch.numbers == self.number)
        features = self._features(batch, torch.from_numpy(wanted))
        model = self.model
        plain = model.mlp(features)
        rows = []
        for solvent in self.solvents:
            row = plain + model.solvent_bias.weight[solvent]
            embedding = model.solvent_embedding.weight[solvent].expand(len(features), -1)
            row = row + model.solvent_adapter(torch.cat([features, embedding], dim=1))
            rows.append(row[:, 0])
        values = torch.stack(rows).numpy().astype(np.float64)
        ends = np.searchsorted(wanted, np.cumsum(batch.sizes))[:-1]
        return np.split(values, ends, axis=1)

    def plausible(self, shifts: np.ndarray) -> bool:
        """Whether csp5 itself would let these shifts pass."""
        low, high = self.window
        return bool(np.isfinite(shifts).all() and (shifts >= low).all() and (shifts <= high).all())

    def _features(self, batch: Batch, wanted: torch.Tensor) -> torch.Tensor:
        """What the last layer knows of each wanted atom."""
        model = self.model
        radial = model.bessel_basis(batch.distances)
        radial = torch.cat([radial, torch.ones_like(radial[..., :1])], dim=2)
        node = model.embedding(batch.tokens)
        units = node.shape[1]
        # One row of zeros more than there are atoms, for missing neighbours.
        message = node.new_zeros(batch.atoms + 1, 3 * units)
        vector = node.new_zeros(batch.atoms + 1, 3 * units)
        last = len(model.convs) - 1
        for layer, (conv, update) in enumerate(zip(model.convs, model.updates)):
            message[:-1] = conv.dense_phi(conv.activation(conv.dense_s(node)))
            receivers = wanted if layer == last else None
            ds, dv = _gathered(self.filters[layer], batch, radial, message, vector if layer else None, receivers)
            if layer == last:
                node, own = node[wanted] + ds, vector[wanted].view(-1, 3, units) + dv
            else:
                node = node + ds
                own = vector[:-1].view(-1, 3, units)
                own += dv
            uv = (own.reshape(-1, units) @ self.uv[layer]).view(-1, 3, 2 * units)
            u, v = uv[..., :units], uv[..., units:]
            inner = update.activation(update.dense1(torch.cat([node, (v * v).sum(dim=1).sqrt_()], dim=1)))
            vv, sv, ss = update.dense_a(inner).chunk(3, dim=1)
            node = node + (u * v).sum(dim=1).mul_(sv).add_(ss)
            if layer != last:
                own.addcmul_(u, vv.unsqueeze(1))
        return node


def _gathered(
    filters: torch.Tensor,
    batch: Batch,
    radial: torch.Tensor,
    message: torch.Tensor,
    vector: torch.Tensor | None,
    receivers: torch.Tensor | None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Sums over the neighbours of each receiver (of every atom without `receivers`).

    `vector` is None in the first layer, where vectors are still nil.
    """
    count = batch.atoms if receivers is None else len(receivers)
    units = message.shape[1] // 3
    ds = message.new_empty(count, units)
    dv = message.new_empty(count, 3, units)
    scratch = message.new_empty(PIECE * NEIGHBOURS, 3 * units)
    gathered = torch.empty_like(scratch)
    for start in range(0, count, PIECE):
        piece = slice(start, min(start + PIECE, count))
        atoms = piece if receivers is None else receivers[piece]
        size = piece.stop - start
        neighbours = batch.neighbours[atoms].reshape(-1)
        weights = torch.mm(radial[atoms].view(-1, radial.shape[2]), filters, out=scratch[: len(neighbours)])
        near = torch.index_select(message, 0, neighbours, out=gathered[: len(neighbours)])
        weights.mul_(near)
        weights = weights.view(size, NEIGHBOURS, 3, units)
        torch.sum(weights[:, :, 0], dim=1, out=ds[piece])
        torch.bmm(batch.directions[atoms], weights[:, :, 2], out=dv[piece])
        if vector is not None:
            near = torch.index_select(vector, 0, neighbours, out=gathered[: len(neighbours)])
            near = near.view(size, NEIGHBOURS, 3, units)
            dv[piece] += near.mul_(weights[:, :, 1:2]).sum(dim=1)
    return ds, dv
