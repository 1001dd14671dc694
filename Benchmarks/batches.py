#!/usr/bin/env python3
"""Memory and resumption of a batch of many small documents, and what isolation costs.

  python3 Benchmarks/batches.py BINARY [--documents 1000000] [--pages FOLDER [--pipeline pipelines/article.json]]

BINARY is the `pipe` command. Generates documents as JSON Lines, writes them in parts of 1,000 with two workers, and prints the resident memory
of the parent and of the larger worker on the way; kills a second batch in the middle with SIGKILL, continues it, and prints how long the next
part took and whether all parts are the same. With --pages, the best of five times of one worker without isolation, two with and two without.
Needs Linux and Python's standard library. Exit status 1 when the parts differ.
"""
import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

WORDS = "the council met on tuesday and decided about a new bridge over river near old town hall where people wait for trains".split()


def generate(path, count):
    """Writes documents of 24 words, the same on every run."""
    source = random.Random(1)
    with open(path, "w") as lines:
        for number in range(count):
            lines.write(json.dumps({"id": f"d{number}", "text": " ".join(source.choices(WORDS, k=24)) + "."}) + "\n")


def resident(parent):
    """Kilobytes of a process, and of the largest of its children."""
    rows = subprocess.run(["ps", "-eo", "pid,ppid,rss"], capture_output=True, text=True).stdout.splitlines()[1:]
    own, children = 0, [0]
    for pid, ppid, rss in (map(int, row.split()) for row in rows):
        if pid == parent:
            own = rss
        elif ppid == parent:
            children.append(rss)
    return own, max(children)


def parts(folder):
    """The names of the finished parts."""
    return sorted(name for name in os.listdir(folder) if name.startswith("part-")) if os.path.isdir(folder) else []


def wait_for_parts(folder, count, process):
    while len(parts(folder)) < count and process.poll() is None:
        time.sleep(0.01)


def measure_batch(binary, folder, documents):
    """Runs one batch whole and one that is killed; says whether their parts are the same."""
    generate(f"{folder}/in.jsonl", documents)
    with open(f"{folder}/p.json", "w") as file:
        json.dump({"input": {"paths": ["in.jsonl"]}, "stages": [{"use": "sentences"}], "output": {"path": "whole", "parts": {"documents": 1000}}}, file)
    command = [binary, "run", f"{folder}/p.json", "--workers", "2", "-q", "-o"]
    whole, broken = f"{folder}/whole", f"{folder}/broken"
    start = time.monotonic()
    process = subprocess.Popen(command + [whole])
    for percent in (10, 50, 99):
        wait_for_parts(whole, documents * percent // 100_000, process)
        own, worker = resident(process.pid)
        print(f"resident memory at {percent} %: parent {own / 1000:.1f} MB, worker {worker / 1000:.1f} MB")
    process.wait()
    seconds = time.monotonic() - start
    print(f"{documents} documents in {seconds:.1f} s, {documents / seconds:.0f} documents a second")
    process = subprocess.Popen(command + [broken])
    wait_for_parts(broken, documents // 2000, process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = len(parts(broken))
    start = time.monotonic()
    process = subprocess.Popen(command + [broken])
    # A part that had its name but did not stand in the ledger is made again.
    wait_for_parts(broken, done + 2, process)
    print(f"killed at part {done}; two parts more {time.monotonic() - start:.2f} s after it was started again")
    process.wait()
    same = parts(whole) == parts(broken) and all(
        open(f"{whole}/{name}", "rb").read() == open(f"{broken}/{name}", "rb").read() for name in parts(whole))
    print("all parts are the same" if same else "PARTS DIFFER")
    return same


def measure_isolation(binary, folder, pages, pipeline):
    """Prints what two workers gain with isolation, and what isolation costs."""
    best = {}
    for _ in range(5):
        for kind in (("none", "1"), ("process", "2"), ("none", "2")):
            start = time.monotonic()
            subprocess.run(
                [binary, "run", pipeline, "-i", pages, "-o", f"{folder}/o.jsonl", "-q", "--max-rejects", "1000000",
                 "--isolation", kind[0], "--workers", kind[1]], check=True)
            best[kind] = min(best.get(kind, float("inf")), time.monotonic() - start)
    one, isolated, plain = best["none", "1"], best["process", "2"], best["none", "2"]
    print(f"one worker without isolation {one:.2f} s; two with {isolated:.2f} s, {one / isolated:.2f} times as fast; two without {plain:.2f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--pages")
    parser.add_argument("--pipeline", default="pipelines/article.json")
    arguments = parser.parse_args()
    binary = os.path.abspath(arguments.binary)
    with tempfile.TemporaryDirectory() as folder:
        same = measure_batch(binary, folder, arguments.documents)
        if arguments.pages:
            measure_isolation(binary, folder, arguments.pages, arguments.pipeline)
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
