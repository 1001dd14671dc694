#!/usr/bin/env python3
"""Checks that every document that went in stands in exactly one line of a batch.

  balance.py INPUT... FOLDER

INPUT is a path as it stands in the pipeline's "input": {"paths": [...]}, seen from the folder in which `pipe run` was started; FOLDER is the
batch: part-000001.jsonl, part-000001.rejects.jsonl and so on. It shares no code with the engine. The name of a document is

  in a folder of pages    the path of the folder as given, joined with the path inside it
  a page by itself        its path as given
  in JSON Lines           the record's "id", else FILE:LINE

Names that the input holds twice must stand in two lines. Exit status: 0 in balance, 1 not, 2 wrong usage.
Needs nothing but Python's standard library.
"""
import collections
import gzip
import json
import os
import re
import sys

PAGES = (".html", ".htm", ".xhtml", ".txt", ".md", ".text")
RECORDS = (".jsonl", ".ndjson")
PART = re.compile(r"part-(\d{6})(\.rejects)?\.jsonl")
SHOWN = 10


def bare(path):
    return path[:-3] if path.endswith(".gz") else path


def record_names(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield record_name(line, f"{path}:{number}")


def record_name(line, otherwise):
    try:
        record = json.loads(line)
    except ValueError:
        return otherwise
    name = record.get("id") if isinstance(record, dict) else None
    is_name = isinstance(name, (str, int, float)) and not isinstance(name, bool) and name != ""
    return str(name) if is_name else otherwise


def file_names(path):
    if bare(path).lower().endswith(RECORDS):
        yield from record_names(path)
    elif bare(path).lower().endswith(PAGES):
        yield path
    else:
        raise ValueError(f"{path}: neither a page nor JSON Lines; this check does not know its documents")


def input_names(path):
    """The names of the documents of one input, as often as each stands there."""
    if not os.path.isdir(path):
        yield from file_names(path)
        return
    for entry in os.scandir(path):
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        inner = entry.name if path == "." else os.path.join(path, entry.name)
        yield from input_names(inner) if entry.is_dir() else file_names(inner)


def batch_names(folder):
    """The names in the lines of a batch: those of parts, those of rejects, and what is wrong with its files."""
    found = {"": collections.Counter(), ".rejects": collections.Counter()}
    problems, numbers = [], set()
    for name in sorted(os.listdir(folder)):
        if name == ".pipe":
            continue
        match = PART.fullmatch(name)
        if not match:
            problems.append(f"{name} is not a file of a batch")
            continue
        numbers.add(int(match[1]))
        problems += add_lines(os.path.join(folder, name), found[match[2] or ""])
    if numbers != set(range(1, len(numbers) + 1)):
        problems.append(f"{len(numbers)} parts, and the last has number {max(numbers)}: some are missing")
    return found[""], found[".rejects"], problems


def add_lines(path, names):
    with open(path, "rb") as file:
        lines = file.read().split(b"\n")
    problems = [] if lines.pop() == b"" else [f"{os.path.basename(path)} does not end with a line feed"]
    for number, line in enumerate(lines, 1):
        try:
            names[json.loads(line)["id"]] += 1
        except (ValueError, KeyError, TypeError):
            problems.append(f"{os.path.basename(path)}:{number} is not a record with an id")
    return problems


def listed(words, names):
    shown = ", ".join(sorted(map(str, names))[:SHOWN])
    return [f"{len(names)} {words}: {shown}{' ...' if len(names) > SHOWN else ''}"] if names else []


def check(expected, folder):
    """Compares a Counter of names with a batch. Returns a sentence that sums up, and a list of what is wrong."""
    parts, rejects, problems = batch_names(folder)
    there = parts + rejects
    problems += listed("in no line", set(expected - there))
    problems += listed("in more lines than they should be", {name for name in there - expected if name in expected})
    problems += listed("in the batch, but not in the input", set(there) - set(expected))
    return f"{expected.total()} documents in, {parts.total()} in parts, {rejects.total()} in rejects", problems


def main():
    if len(sys.argv) < 3 or sys.argv[1].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        expected = collections.Counter(name for path in sys.argv[1:-1] for name in input_names(path))
        summary, problems = check(expected, sys.argv[-1])
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(summary)
    for problem in problems:
        print(f"wrong: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
