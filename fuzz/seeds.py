#!/usr/bin/env python3
"""Small inputs for every fuzz target, cut from the test data: fuzz/corpus/TARGET/seed-*."""

import re
import struct
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "third_party/test-data"
CORPUS = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "fuzz/corpus"
SEPARATOR = b"\n=8<=\n"
VALUES = 1024
LARGEST = 64 << 10
MOST = 12


def write(target, number, content):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"seed-{number}").write_bytes(content)


def smallest(pattern):
    files = sorted(DATA.rglob(pattern), key=lambda path: (path.stat().st_size, path))
    return files[:MOST]


def bruker():
    acqus_files = [path for path in sorted(DATA.rglob("acqus")) if (path.parent / "fid").exists()]
    for number, path in enumerate(acqus_files[:: max(1, len(acqus_files) // MOST)]):
        acqus = re.sub(rb"(?m)^##\$TD= \d+", b"##$TD= %d" % VALUES, path.read_bytes())
        audit = path.parent / "audita.txt"
        trail = audit.read_bytes() if audit.exists() else b""
        # The hash is of points that are not all here.
        trail = re.sub(rb"(?m)^.*data hash MD5.*\n(.*\n)?", b"", trail)
        points = (path.parent / "fid").read_bytes()[: 4 * VALUES]
        write("bruker_acqus", number, acqus)
        write("bruker_dataset", number, SEPARATOR.join([acqus, trail, points]))


def varian():
    names = [("sfrq", "1 499.87"), ("sw", "1 8012.8"), ("np", "1 512"), ("nt", "1 8"), ("ct", "1 8"),
             ("tn", '1 "H1"'), ("dn", '1 "C13"'), ("solvent", '1 "cdcl3"'), ("seqfil", '1 "s2pul"'),
             ("reffrq", "1 499.868"), ("tof", "1 500"), ("rfl", "1 2000"), ("rfp", "1 0"),
             ("temp", "1 25"), ("lb", "1 0.3"), ("arraydim", "1 1"), ("array", '1 ""')]
    text = ""
    for name, value in names:
        kind = 2 if value.endswith('"') else 1
        text += f"{name} {kind} 1 1e+18 -1e+18 0 2 1 0 1 64\n{value}\n0 \n"
    text = text.encode()
    for number, (status, width, code) in enumerate([(0x45, 4, "i"), (0x49, 4, "f"), (0x41, 2, "h")]):
        block = struct.pack(">hhhhl4f", 1, status, 1, 0, 8, 0, 0, 0, 0)
        values = [(i * i) % 977 - 400 for i in range(512)]
        block += struct.pack(f">512{code}", *values)
        head = struct.pack(">6l2hl", 1, 1, 512, width, 512 * width, len(block), 0, status, 1)
        write("varian_procpar", number, text)
        write("varian_fid", number, SEPARATOR.join([text, head + block]))


def magritek():
    text = b"""Solvent           = "CDCl3"
Sample            = "a sample"
b1Freq            = 43.456789d
bandwidth         = 5
dwellTime         = 200
expName           = "1D PROTON"
lowestFrequency   = -2284.3
nrPnts            = 512
nrScans           = 4
rxChannel         = "1H"
"""
    for number, (kind, times) in enumerate([(501, 0), (504, 1)]):
        head = b"SORPATAD" + struct.pack("<6I", 0x56312E30, kind, 512, 1, 1, 1)
        values = [float((i * i) % 977 - 400) for i in range((2 + times) * 512)]
        data = head + struct.pack(f"<{len(values)}f", *values)
        write("magritek", number, SEPARATOR.join([text, data]))


def jeol():
    """Headers and parameters as they are, but of fewer points."""
    for number, path in enumerate(smallest("*.jdf")):
        content = path.read_bytes()
        head = bytearray(content[:1360])
        start, length = struct.unpack_from(">2I", head, 1212)
        points, = struct.unpack_from(">I", head, 176)
        sections = 1 if head[24] == 1 else 2
        width = 4 if head[14] >> 6 == 1 else 8
        data_start, = struct.unpack_from(">I", head, 1284)
        if points < VALUES or head[12] != 1:
            write("jeol", number, content[:LARGEST])
            continue
        struct.pack_into(">I", head, 176, VALUES)
        struct.pack_into(">I", head, 240, VALUES - 1)
        struct.pack_into(">I", head, 1212, 1360)
        struct.pack_into(">I", head, 1284, 1360 + length)
        struct.pack_into(">Q", head, 1320, 1360 + length + sections * VALUES * width)
        data = [content[data_start + section * points * width :][: VALUES * width]
                for section in range(sections)]
        write("jeol", number, bytes(head) + content[start : start + length] + b"".join(data))


def files(target, *patterns):
    number = 0
    for pattern in patterns:
        for path in smallest(pattern):
            content = path.read_bytes()
            # A file that does not fit is cut off: a truncated file is an input, too.
            write(target, number, content[:LARGEST])
            number += 1


def structures():
    block = b"water\n  x\n\n  1  0  0  0  0  0  0  0  0  0999 V2000\n    0 0 0 O\nM  END\n"
    write("structures", 0, b"\0" + block)
    write("structures", 1, b"\1" + block + b"> <A>\n1\n\n$$$$\n" + block + b"$$$$\n")
    write("structures", 2, b"\2# today\nCCO ethanol\r\nCC\n")


bruker()
varian()
magritek()
jeol()
files("jcamp", "*.dx", "*.jdx")
structures()
