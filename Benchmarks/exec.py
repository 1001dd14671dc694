#!/usr/bin/env python3
"""Measures what a stage in Python costs that does nothing: the way to a program and back.

  exec.py PIPE [--documents 50000] [--runs 5] [--python PYTHON]

PIPE is the release binary. The same made documents of 3 kB go through a pipeline without stages and through one with the stage
Benchmarks/plugins/identity.py, by turns; the same with a stage that asks for the text, and so has each line parsed. Printed are medians: processor
time of all processes a document, user and system, and the time by the clock. Each pipeline runs over all documents and over a tenth of them, and what a
document costs is taken from the difference, so that the start of programs is not in it.

Needs nothing but Python's standard library.
"""
import argparse
import json
import os
import pathlib
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLUGIN = ROOT / "Benchmarks" / "plugins" / "identity.py"
WORDS = (
    "the harbour ferry bridge closed on Friday after an inspection found cracks in two of its bearings and ships will have to wait "
    "until repairs are done which may take three weeks said council that had voted for a new one years ago but nobody wants to pay"
).split()
DOCUMENT_SIZE = 3000


def write_documents(count, path):
    generator = random.Random(7)
    with open(path, "w", encoding="utf-8") as file:
        for number in range(count):
            paragraphs, size = [], 0
            while size < DOCUMENT_SIZE:
                paragraph = " ".join(generator.choices(WORDS, k=60)).capitalize() + "."
                paragraphs.append(paragraph)
                size += len(paragraph) + 2
            file.write(json.dumps({"id": str(number), "text": "\n\n".join(paragraphs)[:DOCUMENT_SIZE]}) + "\n")


def run(pipe, config, source, target):
    """Processor time and time by the clock, in seconds."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(
        [pipe, "run", config, "--input", source, "--output", target, "--quiet"],
        check=True, env={**os.environ, "PYTHONPATH": str(ROOT / "Integrations" / "python" / "src")})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - begun


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pipe")
    parser.add_argument("--documents", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--python", default=sys.executable)
    args = parser.parse_args()
    pipelines = {
        "no stage": [],
        "identity": [{"use": "exec", "command": [args.python, str(PLUGIN)]}],
        "reader": [{"use": "exec", "command": [args.python, str(PLUGIN), "reader"]}],
    }
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "in.jsonl"), os.path.join(folder, "out.jsonl")
        few, fraction = os.path.join(folder, "few.jsonl"), args.documents // 10
        write_documents(args.documents, source)
        write_documents(fraction, few)
        print(f"{args.documents} documents of {os.path.getsize(source) / args.documents:.0f} bytes, {os.cpu_count()} cores, "
              f"medians of {args.runs} runs")
        times = {name: [] for name in pipelines}
        outputs = set()
        for _ in range(args.runs):
            for name, stages in pipelines.items():
                config = os.path.join(folder, "pipeline.json")
                pathlib.Path(config).write_text(json.dumps({"stages": stages}), encoding="utf-8")
                short = run(args.pipe, config, few, target)
                long = run(args.pipe, config, source, target)
                times[name].append([one - other for one, other in zip(long, short)])
                outputs.add(pathlib.Path(target).read_bytes())
        count = args.documents - fraction
        cpu = {name: statistics.median(cpu for cpu, _ in runs) * 1e6 / count for name, runs in times.items()}
        wall = {name: statistics.median(wall for _, wall in runs) for name, runs in times.items()}
        for name in pipelines:
            print(f"{name:9} {cpu[name]:6.1f} µs of processor time a document, {count / wall[name]:7.0f} documents/s")
        for name in list(pipelines)[1:]:
            print(f"{name} costs {cpu[name] - cpu['no stage']:.1f} µs a document")
        print("the outputs agree" if len(outputs) == 1 else "THE OUTPUTS DIFFER")


if __name__ == "__main__":
    main()
