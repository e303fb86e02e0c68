"""Processor time of nmrglue and of Larmor on the same Bruker datasets, from files to peaks.

nmrglue does what a script with it usually does: reading, the filter's delay taken off after the
transformation, exponential apodization, zero filling, transformation, ACME automatic phase,
baseline, peak picking. The best of several runs counts for each.
"""

import contextlib
import io
import json
import statistics
import subprocess
import sys
import time
import warnings
from pathlib import Path

import nmrglue as ng
import numpy as np

RUNS = 3
BAR = 30.0


def nmrglue_peaks(path):
    dic, data = ng.bruker.read(str(path))
    acqus = dic["acqus"]
    size = 1 << (2 * data.size - 1).bit_length()
    broadening = 0.3 if "1H" in acqus["NUC1"] else 1.0
    data = ng.proc_base.em(data, lb=broadening / acqus["SW_h"])
    data = ng.proc_base.zf_size(data, size)
    data = ng.proc_base.fft(data)
    data = ng.bruker.remove_digital_filter(dic, data, post_proc=True)
    data = ng.proc_autophase.autops(data, "acme", disp=False)
    data = ng.proc_base.di(data)
    data = ng.proc_bl.baseline_corrector(data, wd=20)
    noise = 1.4826 * np.median(np.abs(data - np.median(data)))
    return ng.peakpick.pick(data, pthres=6 * noise, msep=(5,), algorithm="thres", est_params=False)


def milliseconds(work):
    best = None
    for _ in range(RUNS):
        start = time.process_time()
        work()
        taken = (time.process_time() - start) * 1e3
        best = taken if best is None else min(best, taken)
    return best


def larmor_times(paths):
    """Larmor measures itself the same way: reading and processing, best of several runs."""
    command = ["cargo", "bench", "-q", "--bench", "processing", "--", "--processor-time"]
    output = subprocess.run(command + [str(path) for path in paths], check=True,
                            stdout=subprocess.PIPE, text=True).stdout
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return {line["path"]: line for line in lines}


def main():
    warnings.simplefilter("ignore")
    root = Path(sys.argv[1])
    found = sorted(path.parent for path in root.rglob("acqus") if (path.parent / "fid").exists())
    theirs, failed = {}, 0
    larmor = larmor_times(found)
    print(f"{'nmrglue ms':>11} {'Larmor ms':>10} {'ratio':>7}  dataset")
    ratios = []
    for path in found:
        ours = larmor.get(str(path))
        if ours is None:
            continue
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                taken = milliseconds(lambda: nmrglue_peaks(path))
        except Exception as error:
            failed += 1
            print(f"{'failed':>11} {ours['ms']:10.2f} {'':>7}  {path} ({type(error).__name__}: {error})")
            continue
        theirs[path] = (taken, ours["ms"])
        ratios.append(taken / ours["ms"])
        print(f"{taken:11.1f} {ours['ms']:10.2f} {ratios[-1]:7.1f}  {path}")
    if not ratios:
        sys.exit("no dataset was processed by both")
    nmrglue_median = statistics.median(taken for taken, _ in theirs.values())
    larmor_median = statistics.median(taken for _, taken in theirs.values())
    print(f"median: nmrglue {nmrglue_median:.1f} ms, Larmor {larmor_median:.2f} ms, "
          f"ratio {statistics.median(ratios):.1f} (bar: {BAR:.0f}); "
          f"{len(ratios)} datasets, {failed} that nmrglue could not process")


if __name__ == "__main__":
    main()
