"""unpack_wheels.py WHEELS OUT PATTERN...: files whose path starts with or matches a PATTERN."""
import fnmatch
import pathlib
import sys
import zipfile

wheels, out, *patterns = sys.argv[1:]
for wheel in sorted(pathlib.Path(wheels).glob("*.whl")):
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            name = member.filename
            if any(name.startswith(p) or fnmatch.fnmatch(name, p) for p in patterns):
                archive.extract(member, out)
