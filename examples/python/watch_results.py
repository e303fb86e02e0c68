"""Follows the results of a Larmor server and keeps its place in a file.

    python watch_results.py --address 127.0.0.1:50151 --state cursor.txt

Whatever happens to this program, the server or the connection, each event is dealt with: the cursor
is written only after the event was, and the next run asks for what comes after it.
"""

import argparse
import os
import sys
import time

import grpc

import larmor_client

# Ends of a stream after which one resumes; anything else is for a person to look at.
RESUME = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--address", default="127.0.0.1:50151")
    parser.add_argument("--state", help="file that keeps the cursor between runs")
    parser.add_argument("--group", default="", help="only this group's samples")
    parser.add_argument("--until-kind", help="end after the first event of this kind")
    options = parser.parse_args()

    messages, services = larmor_client.load()
    cursor = read_cursor(options.state)
    while True:
        channel = grpc.insecure_channel(options.address)
        results = services["result"].ResultServiceStub(channel)
        request = messages["result"].WatchResultsRequest(cursor=cursor, group=options.group)
        try:
            for response in results.WatchResults(request):
                if response.HasField("event"):
                    deal_with(response.event)
                    cursor = response.event.cursor
                else:
                    cursor = response.bookmark.cursor
                write_cursor(options.state, cursor)
                if response.HasField("event") and response.event.WhichOneof("body") == options.until_kind:
                    return
        except grpc.RpcError as error:
            if error.code() not in RESUME:
                sys.exit(f"{error.code().name}: {error.details()}")
        finally:
            channel.close()
        time.sleep(1)


def deal_with(event):
    """What your laboratory does with a result: here it is printed."""
    kind = event.WhichOneof("body")
    print(f"{event.cursor} {kind} {event.group}/{event.sample}", flush=True)
    if kind == "elucidated":
        for candidate in event.elucidated.candidates:
            print(f"  {candidate.rank} {candidate.probability:.3f} {candidate.name} {candidate.smiles}")
            for given in candidate.assignments:
                print(f"    atom {given.atom} {given.nucleus} {given.observed_ppm:.2f} ppm"
                      f" (expected {given.predicted_ppm:.2f}, probability {given.probability:.2f})")
        sys.stdout.flush()


def read_cursor(path):
    """0, where there is no file yet: everything the server keeps."""
    if path is None or not os.path.exists(path):
        return 0
    with open(path, encoding="ascii") as file:
        return int(file.read())


def write_cursor(path, cursor):
    """Through a second file, so that a crash leaves the old cursor or the new one."""
    if path is None:
        return
    with open(path + ".new", "w", encoding="ascii") as file:
        file.write(str(cursor))
    os.replace(path + ".new", path)


if __name__ == "__main__":
    main()
