"""The Python classes of the protocol, made from proto/larmor/v1 when they are first needed."""

import importlib
import pathlib
import sys
import tempfile

from grpc_tools import protoc

PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"


def load():
    """Returns the message and the service modules, by service: result, acquisition, candidate, info."""
    out = tempfile.TemporaryDirectory(prefix="larmor-proto-")
    files = sorted(str(path) for path in PROTO.glob("larmor/v1/*.proto"))
    command = ["protoc", f"-I{PROTO}", f"--python_out={out.name}", f"--grpc_python_out={out.name}"]
    if protoc.main(command + [f"-I{protoc_include()}"] + files) != 0:
        sys.exit(f"the protocol in {PROTO} could not be compiled")
    sys.path.insert(0, out.name)
    names = ["result", "acquisition", "candidate", "info"]
    messages = {name: importlib.import_module(f"larmor.v1.{name}_service_pb2") for name in names}
    services = {name: importlib.import_module(f"larmor.v1.{name}_service_pb2_grpc") for name in names}
    # Python has read what it needs.
    sys.path.remove(out.name)
    out.cleanup()
    return messages, services


def protoc_include():
    """Where grpcio-tools keeps google/protobuf/*.proto."""
    return pathlib.Path(protoc.__file__).parent / "_proto"
