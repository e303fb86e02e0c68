"""Holds the tree to its structure: which crate may use which, no cycles among the modules of a
crate, and files small enough to be read at one sitting.

Cargo refuses cycles between crates and nothing else; what this file adds is the order of docs/architecture.md.
"""

import json
import pathlib
import re
import statistics
import subprocess
import sys
from collections import defaultdict

# Crates a crate may use, beside those of others. Tests may use any.
MAY_USE = {
    "larmor-nmr": set(),
    "larmor-retry": set(),
    "larmor-command-line": set(),
    "larmor-client": {"larmor-retry"},
    "larmor-chemistry": set(),
    "larmor-networks": {"larmor-nmr", "larmor-chemistry"},
    "larmor-elucidation": {"larmor-nmr", "larmor-chemistry", "larmor-networks"},
    "larmor-store": {"larmor-nmr", "larmor-retry"},
    "larmor-figure": {"larmor-nmr"},
    "larmor-report": {"larmor-nmr", "larmor-chemistry", "larmor-figure"},
    "larmor-process": {"larmor-nmr", "larmor-figure", "larmor-command-line"},
    "larmor-fixtures": {"larmor-nmr", "larmor-store"},
    "larmor-lab": {"larmor-nmr", "larmor-chemistry", "larmor-networks", "larmor-elucidation", "larmor-command-line"},
    "larmor": {
        "larmor-nmr", "larmor-chemistry", "larmor-networks", "larmor-elucidation", "larmor-store", "larmor-client",
        "larmor-process", "larmor-report", "larmor-command-line", "larmor-retry",
    },
}

# Lines of a file that is no test.
LONGEST = 400
MEDIAN = 120


def crates(root):
    """Name, source folder and used crates of every package of the workspace."""
    command = ["cargo", "metadata", "--no-deps", "--format-version", "1", "--offline"]
    packages = json.loads(subprocess.check_output(command, cwd=root))["packages"]
    for package in packages:
        used = {d["name"] for d in package["dependencies"] if d["kind"] is None and d["name"].startswith("larmor")}
        yield package["name"], pathlib.Path(package["manifest_path"]).parent / "src", used


def wrong_uses(name, used):
    """Crates that `name` uses and must not."""
    if name not in MAY_USE:
        return [f"{name}: not in the table of {__file__}"]
    return [f"{name} must not use {other}" for other in sorted(used - MAY_USE[name])]


def modules(source):
    """Every file of a crate by the path of its module."""
    found = {}
    for file in source.rglob("*.rs"):
        path = list(file.relative_to(source).with_suffix("").parts)
        if path[-1] == "mod" or path in (["lib"], ["main"]):
            path.pop()
        # A program beside a library imports the library as any other crate would.
        if path or file.name == "lib.rs" or not (source / "lib.rs").exists():
            found[tuple(path)] = file
    return found


def without_tests(text):
    text = re.sub(r"^\s*//.*$", "", text, flags=re.M)
    return re.split(r"#\[cfg\(test\)\]\s*(?:#\[[^\n]*\]\s*)*mod \w+ \{", text)[0]


def is_test(file):
    return file.name == "tests.rs" or "tests" in file.parts or "benches" in file.parts


def leaves(tree):
    """The paths of `a::{b, c::{d, e as f}}`."""
    start, _, rest = tree.partition("{")
    steps = [step.strip() for step in start.split(" as ")[0].split("::") if step.strip()]
    if not rest:
        return [steps]
    inner, depth, item, found = rest.rsplit("}", 1)[0], 0, "", []
    for letter in inner + ",":
        depth += (letter == "{") - (letter == "}")
        if letter == "," and depth == 0:
            found += [steps + leaf for leaf in leaves(item)] if item.strip() else []
            item = ""
        else:
            item += letter
    return found


PATH = re.compile(r"\b((?:crate|self|super)(?:::\w+)*(?:::\{(?:[^{};]|\{(?:[^{};]|\{[^{};]*\})*\})*\})?)")


def imports(module, file, known):
    """Modules of the same crate that a module names, but for itself and those it is made of: that a
    parent holds its children together and they ask it for what it shows of the others is no cycle."""
    for written in PATH.findall(without_tests(file.read_text())):
        for leaf in leaves(written):
            at = list(module)
            for step in leaf:
                if step == "crate":
                    at = []
                elif step == "super":
                    at = at[:-1]
                elif step != "self":
                    at.append(step)
            while tuple(at) not in known and at:
                at.pop()
            if tuple(at) in known and tuple(at[: len(module)]) != module:
                yield tuple(at)


def cycles(edges):
    """Strongly connected modules (Tarjan)."""
    order, low, stack, found = {}, {}, [], []

    def visit(node):
        order[node] = low[node] = len(order)
        stack.append(node)
        for other in edges[node]:
            if other not in order:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], order[other])
        if low[node] == order[node]:
            ring = stack[stack.index(node):]
            del stack[stack.index(node):]
            if len(ring) > 1:
                found.append(sorted("::".join(module) or "the root" for module in ring))

    for node in list(edges):
        if node not in order:
            visit(node)
    return found


def module_cycles(source):
    known = modules(source)
    edges = defaultdict(set)
    for module, file in known.items():
        if not is_test(file):
            edges[module] = set(imports(module, file, known))
    return cycles(edges)


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    sys.setrecursionlimit(10_000)
    wrong, lengths = [], []
    for name, source, used in crates(root):
        wrong += wrong_uses(name, used)
        wrong += [f"{name}: modules import each other: {', '.join(ring)}" for ring in module_cycles(source)]
        for file in source.rglob("*.rs"):
            if not is_test(file.relative_to(root)):
                lengths.append(file.read_text().count("\n"))
                if lengths[-1] > LONGEST:
                    wrong.append(f"{file.relative_to(root)}: {lengths[-1]} lines, {LONGEST} at most")
    median = statistics.median(lengths)
    if median > MEDIAN:
        wrong.append(f"files have {median:.0f} lines in the median, {MEDIAN} at most")
    for line in wrong:
        print(f"structure: {line}", file=sys.stderr)
    print(f"structure: {len(lengths)} files, median {median:.0f} lines, longest {max(lengths)}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
