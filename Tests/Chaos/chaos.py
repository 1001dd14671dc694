#!/usr/bin/env python3
"""Disturbs runs of the engine, lets them continue, and compares what they leave with an undisturbed run, byte for byte.

  chaos.py BINARY [--runs 10] [--seed S] [--documents 2000] [--only FAULT,...] [--keep]

BINARY is the fault build: `pipe` with the stage `fault`, which does what words such as FAULT-SEGV in a page's text say (pages.py). For a short
look `--runs 10` is enough; 200 runs take some 20 minutes. Each run has a seed of its own, which is printed; the same fault at the same
moment, as far as the machine's clock allows, is had by `--seed THAT --runs 1` with the same --documents and --only.

A run gets a folder of its own, one of three kinds of input, a fault, and sometimes a second one while it continues (faults.py,
powercut.py). Checked are: the exit statuses; that no process is left; that whatever has the name of a part is a whole part, at any
moment; and, when the run is done, that file names and bytes are those of the undisturbed run, so that nothing is left in .pipe but what
belongs there. "not reached" means that the engine ended before the fault came.

Exit status: 0 all well, 1 something was found (the folders are kept then), 2 wrong usage, or the undisturbed runs are wrong already.
Needs Linux, cc, and Python's standard library; as root also small disks are tried.
"""
import argparse
import collections
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import balance
import faults
import pages
from compare import Reference, reference_problems
from trial import CutTrial, Recording, Trial, prepared, run_once

SOURCES = ("shim.c", "fail.c", "record.c", "paths.c")
WIDTHS = (4, 10, 30, 26, 7, 7)


class Stand:
    """One kind of input, with what an undisturbed run makes of it."""

    def __init__(self, tools, corpus, documents):
        self.tools = tools
        self.corpus = corpus
        self.documents = documents
        self.folder = prepared(tools.folder, f"reference-{corpus.kind}", corpus.path, documents)
        self.problems = self.measure()

    def measure(self):
        """Runs undisturbed: twice into the same folder, as nothing must change the second time, and once with the recorder."""
        started = time.monotonic()
        problems = run_once(self.tools, self.folder)
        self.seconds = time.monotonic() - started
        if problems:
            return problems
        expected = collections.Counter(balance.input_names(self.corpus.path))
        self.reference = Reference(os.path.join(self.folder, "out"), self.corpus.faulty, expected)
        problems = reference_problems(self.reference, os.path.join(self.folder, "out"))
        problems += [f"when started again: {problem}" for problem in self.again(self.folder)]
        folder = prepared(self.tools.folder, f"recorded-{self.corpus.kind}", self.corpus.path, self.documents)
        self.recording = Recording(self.tools, folder)
        started = time.monotonic()
        problems += [f"with the recorder: {problem}" for problem in self.again(folder, self.recording)]
        # The shorter time: on a machine with other work a fault planned for the end would often come too late.
        self.seconds = min(self.seconds, time.monotonic() - started)
        return problems or self.recording.read()

    def again(self, folder, recording=None):
        return run_once(self.tools, folder, recording) or self.reference.finished(os.path.join(folder, "out"))

    def scene(self, folder):
        return faults.Scene(folder, self.corpus.path, self.seconds, len(self.recording.records), self.reference.size, self.documents)


class Tools:
    """The binary, the shim and the folder for everything."""

    def __init__(self, binary, folder, keeps):
        self.keeps = keeps
        self.binary = os.path.abspath(binary)
        self.folder = folder
        self.shim = os.path.join(folder, "shim.so")
        here = os.path.dirname(os.path.abspath(__file__))
        sources = [os.path.join(here, name) for name in SOURCES]
        subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-pthread", "-o", self.shim, *sources], check=True)


def chosen_fault(rng, names):
    return rng.choices(names, [faults.FAULTS[name][1] for name in names])[0]


def line(*cells):
    return "  ".join(str(cell).ljust(width) for cell, width in zip(cells, WIDTHS)) + "  " + str(cells[-1])


def run_trial(number, seed, stands, names, tools):
    """One disturbed run. Returns whether all was well."""
    rng = random.Random(seed)
    name = chosen_fault(rng, names)
    # A worker that is killed from outside should mostly have an ordinary page at hand.
    is_calm = name in faults.OF_WORKERS and rng.random() < 0.7
    stand = stands[pages.CALM if is_calm else rng.choice(pages.SHAPES)]
    started = time.monotonic()
    folder = prepared(tools.folder, f"run-{seed}", stand.corpus.path, stand.documents)
    trial = (CutTrial if name == faults.POWER_CUT else Trial)(tools, stand, folder, rng, name)
    problems = trial.run()
    result = "WRONG" if problems else "same" + (f" ({', '.join(trial.notes)})" if trial.notes else "")
    seconds = f"{time.monotonic() - started:.1f}"
    print(line(number, seed, f"{name} {stand.corpus.kind}", trial.moment, trial.resumed, seconds, result), flush=True)
    for problem in problems[:12]:
        print(f"      {problem}", flush=True)
    if not problems and not tools.keeps:
        shutil.rmtree(folder)
    return not problems


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=None, help="the seed of the first run; random unless given")
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--only", default=None, help=f"of these faults: {', '.join(faults.FAULTS)}")
    parser.add_argument("--keep", action="store_true", help="keep the folders of all runs")
    args = parser.parse_args()
    args.names = args.only.split(",") if args.only else list(faults.FAULTS)
    unknown = [name for name in args.names if name not in faults.FAULTS]
    if unknown or args.documents < pages.FEWEST or not os.access(args.binary, os.X_OK):
        parser.error(f"not known: {', '.join(unknown)}" if unknown else
                     f"at least {pages.FEWEST} documents" if args.documents < pages.FEWEST else f"{args.binary} cannot be run")
    return args


def main():
    args = arguments()
    # As with an interrupt: no engine and no small disk is left behind.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    seed = random.SystemRandom().randrange(10**6, 10**9) if args.seed is None else args.seed
    folder = os.path.realpath(tempfile.mkdtemp(prefix="chaos-"))
    tools = Tools(args.binary, folder, args.keep)
    if not faults.can_mount(folder):
        print("small disks cannot be mounted here; full disks are played by the shim alone")
        args.names = [name for name in args.names if name != "small-disk"] or ["full-disk"]
    print(f"{args.documents} documents, seed {seed}, in {folder}", flush=True)
    corpora = pages.write_all(folder, args.documents)
    stands = {kind: Stand(tools, corpus, args.documents) for kind, corpus in corpora.items()}
    for kind, stand in stands.items():
        if stand.problems:
            print(f"undisturbed, {kind}: WRONG\n      " + "\n      ".join(stand.problems[:12]))
        else:
            counts = f"{len(stand.reference.parts)} files, {len(stand.recording.records)} changes on disk"
            print(f"undisturbed, {kind}: {stand.seconds:.1f} s, {counts}", flush=True)
    if any(stand.problems for stand in stands.values()):
        return 2
    print(line("run", "seed", "fault and input", "moment", "resumed", "seconds", "result"))
    wrong = sum(not run_trial(number, seed + number - 1, stands, args.names, tools) for number in range(1, args.runs + 1))
    print(f"{args.runs} runs, {wrong} wrong")
    if not wrong and not args.keep:
        shutil.rmtree(folder)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
