"""One worker: takes its share of the molecules in order and labels them, a batch at a time."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rdkit import Chem, RDLogger

from . import geometry, pool, shards
from .network import Batch, Network

# Processor time after which a molecule is given up for good, by the end of the worker.
HARD_LIMIT = 60.0


@dataclass
class Task:
    """What a worker needs to know."""

    out: Path
    order: Path
    excluded: dict[str, str]
    solvents: list[str]
    every: int
    limit: int | None
    jobs: int
    batch: int
    seconds: float
    deadline: float


@dataclass
class Molecule:
    """A molecule ready for the network."""

    place: int
    smiles: str
    block: str
    graph: geometry.Graph


class Worker:
    """Labels the molecules whose InChIKey block falls to worker `number`."""

    def __init__(self, task: Task, number: int) -> None:
        self.task, self.number = task, number
        self.lock = shards.take(task.out, str(number), wait=True)
        self.labels = task.out / f"labels-{number}.jsonl"
        self.failures = task.out / f"failures-{number}.tsv"
        self.current = task.out / f"current-{number}.txt"
        self.current.write_text("")
        self.smiles, self.blocks = shards.finished(task.out)
        self.carbon, self.proton = (Network(nucleus, task.solvents) for nucleus in ("13C", "1H"))
        self.failed: list[str] = []
        self.done = 0
        self.spent = {"geometry": 0.0, "network": 0.0}
        self.started, self.cpu = time.monotonic(), time.process_time()

    def run(self) -> None:
        """Works until all is done, time is up or the parent is gone."""
        parent, told = os.getppid(), time.monotonic()
        batch: list[Molecule] = []
        for molecule in self._prepared():
            if molecule is not None:
                batch.append(molecule)
            over = time.time() >= self.task.deadline or os.getppid() != parent
            if len(batch) >= self.task.batch or over:
                self._label(batch)
                batch = []
            if over:
                break
            if time.monotonic() - told > 60:
                told = time.monotonic()
                self._tell()
        signal.setitimer(signal.ITIMER_PROF, 0)
        self._label(batch)
        self._tell()

    def _prepared(self) -> Iterator[Molecule | None]:
        """Molecules with their geometry; None for each that has failed."""
        for place, smiles in pool.molecules(self.task.order, self.task.limit):
            if smiles in self.smiles:
                continue
            self.current.write_text(smiles)
            signal.setitimer(signal.ITIMER_PROF, HARD_LIMIT)
            mol = Chem.MolFromSmiles(smiles)
            block = pool.block(mol)
            if zlib.crc32(block.encode()) % self.task.jobs != self.number:
                continue
            reason = self.task.excluded.get(block, "same_inchikey" if block in self.blocks else None)
            if not block:
                reason = "no_inchikey"
            graph = None
            if reason is None:
                start = time.process_time()
                try:
                    graph = geometry.graph(mol, self.task.seconds)
                except geometry.NoGeometry as error:
                    reason = str(error)
                except Exception as error:  # recorded with the molecule, which is all that can be done
                    reason = f"error_{type(error).__name__}"
                self.spent["geometry"] += time.process_time() - start
            signal.setitimer(signal.ITIMER_PROF, 0)
            if graph is None:
                self.failed.append(f"{smiles}\t{block}\t{reason}")
                yield None
            else:
                self.blocks.add(block)
                yield Molecule(place, smiles, block, graph)

    def _label(self, molecules: list[Molecule]) -> None:
        """Predicts shifts of a batch and writes them, with what has failed meanwhile."""
        lines = []
        if molecules:
            start = time.process_time()
            batch = Batch([molecule.graph for molecule in molecules])
            carbons, protons = self.carbon.shifts(batch), self.proton.shifts(batch)
            self.spent["network"] += time.process_time() - start
            for molecule, c13, h1 in zip(molecules, carbons, protons):
                if self.carbon.plausible(c13) and self.proton.plausible(h1):
                    lines += self._records(molecule, c13, h1)
                    self.done += 1
                else:
                    self.failed.append(f"{molecule.smiles}\t{molecule.block}\tprediction_out_of_range")
        shards.append(self.labels, lines)
        shards.append(self.failures, self.failed)
        self.failed = []

    def _records(self, molecule: Molecule, c13: np.ndarray, h1: np.ndarray) -> list[str]:
        """A line for each solvent, the first solvent's last."""
        graph = molecule.graph
        carbons, bearers = np.flatnonzero(graph.numbers == 6).tolist(), graph.bearers[graph.numbers == 1].tolist()
        solvents = self.task.solvents if molecule.place % self.task.every == 0 else self.task.solvents[:1]
        lines = []
        for solvent, carbon, proton in zip(solvents, c13.tolist(), h1.tolist()):
            on: dict[int, list[float]] = {}
            for bearer, shift in zip(bearers, proton):
                on.setdefault(bearer, []).append(round(shift, 2))
            record = {
                "smiles": molecule.smiles,
                "inchikey": molecule.block,
                "solvent": solvent,
                "c13": [[atom, round(shift, 2)] for atom, shift in zip(carbons, carbon)],
                "h1": [[bearer, sorted(shifts)] for bearer, shifts in sorted(on.items())],
            }
            lines.append(json.dumps(record, separators=(",", ":")))
        return lines[::-1]

    def _tell(self) -> None:
        """A line on how far it has come."""
        wall, cpu = time.monotonic() - self.started, time.process_time() - self.cpu
        each = {name: f"{1000 * spent / max(self.done, 1):.0f}" for name, spent in self.spent.items()}
        print(
            f"{time.strftime('%H:%M:%S')} worker {self.number}: {self.done} labelled, {self.done / wall:.2f}/s, "
            f"processor ms each: {1000 * cpu / max(self.done, 1):.0f} "
            f"(geometry {each['geometry']}, network {each['network']})",
            file=sys.stderr,
            flush=True,
        )


def work(task: Task, number: int) -> None:
    """Body of a worker process."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    RDLogger.DisableLog("rdApp.*")
    torch.set_num_threads(1)
    Worker(task, number).run()
