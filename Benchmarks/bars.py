#!/usr/bin/env python3
"""Measures what the project promises about memory and workers, on this machine.

  bars.py PIPE [--pages FOLDER] [--documents 30000] [--runs 3]

PIPE is the release binary. FOLDER holds .html pages; without it the sample pages are used, which are small. Printed are

  memory   the peak of a run over JSON Lines of N/10 and of N documents (the pages repeated), with 2 workers
  workers  the best time of some runs over 1,000 pages or more with 1 and with 2 workers, and whether the bytes agree

Needs nothing but Python's standard library.
"""
import argparse
import hashlib
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CONFIG = ROOT / "pipelines" / "news.json"


def write_records(pages, count, path):
    """Pages are read again each time: a child's peak starts with the size of the process that forked it."""
    with open(path, "w", encoding="utf-8") as out:
        for number, page in zip(range(count), itertools.cycle(pages)):
            html = page.read_bytes().decode("utf-8", "replace")
            out.write(json.dumps({"id": f"{number}", "html": html}, ensure_ascii=False) + "\n")


def run(pipe, source, target, workers):
    """Runs the pipeline: wall-clock seconds, CPU seconds, peak memory in MB."""
    command = [pipe, "run", CONFIG, "--input", source, "--output", target, "--workers", str(workers), "--quiet"]
    start = time.monotonic()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{command}: exit status {os.waitstatus_to_exitcode(status)}")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def digest(path):
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pipe")
    parser.add_argument("--pages", default=ROOT / "samples")
    parser.add_argument("--documents", type=int, default=30_000)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    pages = sorted(pathlib.Path(args.pages).rglob("*.html"))
    size = sum(page.stat().st_size for page in pages)
    print(f"{len(pages)} pages of {size / len(pages) / 1000:.0f} kB on average, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        source, target = os.path.join(folder, "in.jsonl"), os.path.join(folder, "out.jsonl")
        peaks = []
        for count in (args.documents // 10, args.documents):
            write_records(pages, count, source)
            seconds, cpu, peak = run(args.pipe, source, target, 2)
            peaks.append(peak)
            print(f"memory   {count:7} documents, 2 workers: peak {peak:4.0f} MB, {count / seconds:6.0f} documents/s")
        print(f"memory   ratio {peaks[1] / peaks[0]:.2f}")

        write_records(pages, max(1000, len(pages)), source)
        best, digests = {}, set()
        for _ in range(args.runs):
            for workers in (1, 2):
                seconds, cpu, _ = run(args.pipe, source, target, workers)
                best[workers] = min(best.get(workers, seconds), seconds)
                digests.add(digest(target))
        print(f"workers  1: {best[1]:.2f} s, 2: {best[2]:.2f} s, {best[1] / best[2]:.2f} times as fast; "
              + ("the bytes agree" if len(digests) == 1 else "THE BYTES DIFFER"))


if __name__ == "__main__":
    main()
