"""Puts what commands print in place of what stands in a document.

A section begins with a line `<!-- NAME -->`, holds the command in a fenced block, and ends with
`<!-- /NAME -->`. All between the fence and the end is replaced by what the command prints.
"""

import os
import re
import shlex
import subprocess
import sys

document, lab, data, state, *wanted = sys.argv[1:]

# Models that do not ship, and who says where they are.
MODELS = {"KMAID": "LARMOR_KMAID", "ACML_13C": "LARMOR_ACML_13C", "ACML_1H": "LARMOR_ACML_1H", "SPECMOL": "LARMOR_SPECMOL"}

SECTION = re.compile(r"^<!-- (?P<name>[\w-]+) -->\n```\n(?P<command>.*?)\n```\n.*?^<!-- /(?P=name) -->$", re.S | re.M)


def words(command):
    """The command as it is run: names of the text replaced by what they stand for."""
    fold = f"--data {data}/nmrshiftdb2.jsonl.gz --folds {data}/km3aid_folds.csv --fold 0"
    joined = command.replace("\\\n", " ").replace("$FOLD", fold)
    stands_for = {"larmor-lab": lab, "DATA_DIR/fid": f"{data}/fid", "literature.jsonl": f"{data}/literature.jsonl"}
    stands_for["lists_1h13c.jsonl.gz"] = f"{data}/lists_1h13c.jsonl.gz"
    stands_for["test_rand.csv.gz"] = f"{data}/matching/test_rand.csv.gz"
    stands_for |= {model: os.environ.get(variable, "") for model, variable in MODELS.items()}
    return [stands_for.get(word, word.replace("STATE_DIR", state)) for word in shlex.split(joined)]


def printed(section):
    name, command = section["name"], section["command"]
    if wanted and name not in wanted:
        return section[0]
    for model, variable in MODELS.items():
        if f"--model {model}" in command and not os.environ.get(variable):
            print(f"{name}: left as it stands, {variable} names no model", file=sys.stderr)
            return section[0]
    if "pool1m" in command and not os.path.isdir(f"{state}/libraries/pool1m"):
        print(f"{name}: left as it stands, there is no library of a million", file=sys.stderr)
        return section[0]
    print(f"{name}: {command}", file=sys.stderr)
    output = subprocess.run([*words(command), "--format", "markdown"], check=True, stdout=subprocess.PIPE, text=True)
    return f"<!-- {name} -->\n```\n{command}\n```\n\n{output.stdout.strip()}\n<!-- /{name} -->"


with open(document) as file:
    text = file.read()
known = [section["name"] for section in SECTION.finditer(text)]
unknown = set(wanted) - set(known)
if unknown:
    sys.exit(f"no such section: {', '.join(sorted(unknown))} (there are {', '.join(known)})")
# Written section by section, so that a long run that is stopped keeps what it has.
for name in known:
    text = SECTION.sub(lambda section: printed(section) if section["name"] == name else section[0], text)
    with open(document, "w") as file:
        file.write(text)
