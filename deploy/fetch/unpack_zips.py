"""unpack_zips.py FROM TO: each zip below FROM becomes a folder of its name in TO; plain folders of
datasets are copied. Only regular, relative members are written; macOS shadows are left out."""
import pathlib
import shutil
import sys
import zipfile

source, target = (pathlib.Path(p) for p in sys.argv[1:])
for path in sorted(source.rglob("*.zip")):
    out = target / path.stem
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            parts = pathlib.PurePosixPath(member.filename).parts
            if member.is_dir() or "__MACOSX" in parts or ".." in parts or member.filename.startswith("/"):
                continue
            archive.extract(member, out)
flat = source / "flat"
if flat.is_dir():
    shutil.copytree(flat, target, dirs_exist_ok=True)
