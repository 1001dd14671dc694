#!/usr/bin/env python3
"""Measures what a stage in a shared library costs that does nothing: the way over the C ABI and back.

  library.py PIPE [--documents 50000] [--runs 7]

PIPE is the release binary. The same made documents of 3 kB go through pipelines/text.json, and through the same with the stage
Benchmarks/plugins/identity.c behind its own, by turns, with one worker. Printed are medians of the processor time of all processes, and the share
that the stage adds.

Needs a C compiler (CC, or cc) and Python's standard library.
"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import tempfile

import exec as programs

ROOT = programs.ROOT


def run(pipe, config, source, target):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([pipe, "run", config, "--input", source, "--output", target, "--workers", "1", "--quiet"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pipe")
    parser.add_argument("--documents", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=7)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        library = os.path.join(folder, "libidentity.so")
        subprocess.run(
            [os.environ.get("CC", "cc"), "-O2", "-shared", "-fPIC", f"-I{ROOT / 'include'}", "-o", library,
             str(ROOT / "Benchmarks" / "plugins" / "identity.c")], check=True)
        source, target = os.path.join(folder, "in.jsonl"), os.path.join(folder, "out.jsonl")
        programs.write_documents(args.documents, source)
        plain = json.loads((ROOT / "pipelines" / "text.json").read_text(encoding="utf-8"))
        plain.pop("$schema", None)
        pipelines = {"text.json": plain, "with identity": {**plain, "plugins": [library], "stages": plain["stages"] + [{"use": "identity"}]}}
        times, outputs = {name: [] for name in pipelines}, set()
        for turn in range(args.runs):
            for name in sorted(pipelines, reverse=turn % 2 == 0):
                config = os.path.join(folder, "pipeline.json")
                pathlib.Path(config).write_text(json.dumps(pipelines[name]), encoding="utf-8")
                times[name].append(run(args.pipe, config, source, target))
                outputs.add(pathlib.Path(target).read_bytes())
        medians = {name: statistics.median(runs) for name, runs in times.items()}
        for name, median in medians.items():
            print(f"{name:14} {median * 1e6 / args.documents:6.1f} µs of processor time a document")
        ratios = [other / one for one, other in zip(times["text.json"], times["with identity"])]
        print(f"the stage adds {100 * (statistics.median(ratios) - 1):.1f} % (median of {args.runs} pairs)")
        print("the outputs agree" if len(outputs) == 1 else "THE OUTPUTS DIFFER")


if __name__ == "__main__":
    main()
