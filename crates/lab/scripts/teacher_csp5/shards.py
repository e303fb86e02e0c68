"""Files of labels that outlive a kill at any moment.

`labels-N.jsonl` and `failures-N.tsv` of worker N are only ever appended to, whole batches at a time.
A molecule's records end with that of the first solvent, so one that lacks it was being written.
"""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path


def take(out: Path, name: str, *, wait: bool) -> int:
    """A lock that ends with the process; BlockingIOError where another holds it and `wait` is False."""
    lock = os.open(out / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    return lock


def repair(out: Path, first_solvent: str) -> int:
    """Cuts off what was being written when a run was killed; how many bytes that were.

    Waits for a worker that still writes.
    """
    cut = 0
    for path in sorted([*out.glob("labels-*.jsonl"), *out.glob("failures-*.tsv")]):
        lock = take(out, path.stem.split("-")[1], wait=True)
        text = path.read_bytes()
        end = text.rfind(b"\n") + 1
        while path.suffix == ".jsonl" and end:
            start = text.rfind(b"\n", 0, end - 1) + 1
            if json.loads(text[start:end])["solvent"] == first_solvent:
                break
            end = start
        if end < len(text):
            cut += len(text) - end
            os.truncate(path, end)
        os.close(lock)
    return cut


def finished(out: Path) -> tuple[set[str], set[str]]:
    """SMILES that are labelled or have failed, and InChIKey blocks that are labelled."""
    smiles, blocks = set(), set()
    for path in out.glob("labels-*.jsonl"):
        with open(path) as lines:
            for line in lines:
                if not line.endswith("\n"):
                    continue  # another worker is writing
                record = json.loads(line)
                smiles.add(record["smiles"])
                blocks.add(record["inchikey"])
    for path in out.glob("failures-*.tsv"):
        with open(path) as lines:
            smiles.update(line.split("\t")[0] for line in lines)
    return smiles, blocks


def append(path: Path, lines: list[str]) -> None:
    """Adds lines to a file at one stroke."""
    if lines:
        with open(path, "ab", buffering=0) as file:
            file.write("".join(f"{line}\n" for line in lines).encode())
