"""Labels molecules of a pool with the 13C and 1H shifts that csp5 0.3.1 predicts for them.

    OMP_NUM_THREADS=1 python -m teacher_csp5 --pool POOL.smi.gz --out FOLDER --exclude KEYS --hours 2

Goes on where an earlier run, however it ended, has stopped. Each line of `labels-*.jsonl` is a molecule
in one solvent: `smiles` as in the pool, `inchikey` (first block), `solvent`, `c13` [[atom, ppm], ...] and
`h1` [[heavy atom, [ppm of each H]], ...]. Every molecule met and not labelled is in `failures-*.tsv`
(SMILES, block, reason) and not tried again; those unfit from the start are in `left_out.tsv`.
Needs csp5==0.3.1.
"""

from __future__ import annotations

import argparse
import datetime
import json
import multiprocessing
import multiprocessing.connection
import signal
import sys
import time
from importlib.metadata import version
from pathlib import Path

from rdkit import RDLogger

from . import pool, shards
from .worker import Task, work

# A worker ended like this was stopped from outside; ended by any other signal, by its molecule.
STOPPED = {signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


def options() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="teacher_csp5", description=__doc__.split("\n")[0])
    parser.add_argument("--pool", type=Path, required=True, help="SMILES, one a line, gzipped or not")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to and to go on from")
    parser.add_argument("--exclude", type=Path, action="append", default=[], help="InChIKey blocks, one a line")
    parser.add_argument("--labelled", type=Path, action="append", default=[], help="JSON lines labelled before")
    parser.add_argument("--solvents", default="CDCl3,DMSO-d6,CD3OD", help="the first for every molecule")
    parser.add_argument("--every", type=int, default=4, help="further solvents for every so manieth molecule")
    parser.add_argument("--limit", type=int, help="only the first so many molecules of the order")
    parser.add_argument("--jobs", type=int, default=1, help="processes, one thread each")
    parser.add_argument("--batch", type=int, default=16, help="molecules the network takes at once")
    parser.add_argument("--seconds", type=float, default=20, help="time limit of an embedding")
    until = parser.add_mutually_exclusive_group()
    until.add_argument("--until", help="stop at this local time, HH:MM, today or tomorrow")
    until.add_argument("--hours", type=float, help="stop after so many hours")
    return parser.parse_args()


def deadline(until: str | None, hours: float | None) -> float:
    """When to stop, as seconds of the epoch."""
    if until:
        now = datetime.datetime.now()
        at = datetime.datetime.combine(now.date(), datetime.time.fromisoformat(until))
        return (at if at > now else at + datetime.timedelta(days=1)).timestamp()
    return time.time() + 3600 * hours if hours else float("inf")


def keep_settings(out: Path, settings: dict[str, object]) -> None:
    """Writes down what decides the labels, or refuses to go on with something else."""
    path = out / "settings.json"
    if path.exists() and json.loads(path.read_text()) != settings:
        sys.exit(f"{path} was written with other settings: {path.read_text().strip()}")
    path.write_text(json.dumps(settings) + "\n")


def supervise(task: Task) -> int:
    """Runs the workers; one that its molecule has ended is started again behind it."""
    context = multiprocessing.get_context("spawn")
    running = {}

    def start(number: int) -> None:
        running[number] = context.Process(target=work, args=(task, number), daemon=True)
        running[number].start()

    for number in range(task.jobs):
        start(number)
    status = 0
    while running:
        multiprocessing.connection.wait([process.sentinel for process in running.values()])
        for number, process in [(n, p) for n, p in running.items() if p.exitcode is not None]:
            del running[number]
            if process.exitcode >= 0 or -process.exitcode in STOPPED:
                status = status or abs(process.exitcode)
                continue
            smiles = (task.out / f"current-{number}.txt").read_text()
            name = signal.Signals(-process.exitcode).name
            if not smiles:
                print(f"worker {number} was ended by {name} before its first molecule", file=sys.stderr, flush=True)
                status = -process.exitcode
                continue
            print(f"worker {number} was ended by {name} at {smiles}", file=sys.stderr, flush=True)
            shards.append(task.out / f"failures-{number}.tsv", [f"{smiles}\t\tended_by_{name}"])
            start(number)
    return status


def main() -> int:
    """Prepares the order, mends what a killed run has left, and works."""
    asked = options()
    RDLogger.DisableLog("rdApp.*")
    asked.out.mkdir(parents=True, exist_ok=True)
    lock = shards.take(asked.out, "run", wait=False)  # kept until the end
    solvents = asked.solvents.split(",")
    settings = {"csp5": version("csp5"), "rdkit": version("rdkit"), "solvents": solvents, "every": asked.every}
    if settings["csp5"] != "0.3.1":
        sys.exit(f"needs csp5 0.3.1, not {settings['csp5']}")
    keep_settings(asked.out, settings)
    cut = shards.repair(asked.out, solvents[0])
    print(f"{cut} bytes of unfinished records cut off", file=sys.stderr, flush=True)
    excluded = pool.excluded_blocks(asked.exclude, asked.labelled)
    order = pool.ordered(asked.pool, asked.out)
    end = deadline(asked.until, asked.hours)
    task = Task(
        asked.out, order, excluded, solvents, asked.every, asked.limit, asked.jobs, asked.batch, asked.seconds, end
    )
    status = supervise(task)
    del lock
    return status


if __name__ == "__main__":
    sys.exit(main())
