#!/usr/bin/env python3
"""Scores a clean-up on labelled articles, and times it.

  clean_up.py PIPE CONFIG FILE.txt...

PIPE is the release binary, CONFIG a pipeline for text such as pipelines/text.json. In FILE `### ID LANGUAGE` starts a document, `= LINE` is content and
`- KIND | LINE` boilerplate; Tests/CleanUp holds such files. A line counts as kept when it is in the output, white space aside. Printed are, for each file and for
all together, precision (over the lines removed), recall, and the share of documents with every line right; then the speed of one worker on the same
documents, repeated to 60 MB of JSON Lines, best of 5, start included.

Needs nothing but Python's standard library.
"""
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

SPEED_BYTES = 60_000_000


def fold(text):
    return re.sub(r"\s+", " ", text).strip()


def read(path):
    documents = []
    for line in pathlib.Path(path).read_text(encoding="utf-8").split("\n"):
        if line.startswith("### "):
            documents.append({"language": line.split()[-1], "lines": []})
        elif documents:
            kind, text = line[2:].split(" | ", 1) if line.startswith("- ") else (None, line[2:])
            documents[-1]["lines"].append((kind, text))
    return documents


def record(number, document):
    text = "\n".join(line for _, line in document["lines"]) + "\n"
    return json.dumps({"id": str(number), "language": document["language"], "text": text}, ensure_ascii=False) + "\n"


def score(pipe, config, documents):
    """Content lines lost, boilerplate lines found and all of them, documents with every line right."""
    command = [pipe, "run", config, "--format", "jsonl", "--input", "-", "--output", "-", "--quiet"]
    lines = "".join(record(number, document) for number, document in enumerate(documents))
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    lost = found = total = right = 0
    for document, line in zip(documents, done.stdout.splitlines()):
        kept = fold(json.loads(line)["text"])
        content = [fold(text) for kind, text in document["lines"] if text and not kind]
        gone = [text for text in content if text not in kept]
        labels = [fold(text) for kind, text in document["lines"] if text and kind]
        # Boilerplate that is a part of a kept line does not survive by it.
        left = [text for text in labels if text in kept and not any(text in line for line in content)]
        lost, total, found = lost + len(gone), total + len(labels), found + len(labels) - len(left)
        right += not gone and not left
    return lost, found, total, right, len(documents)


def show(name, figures):
    lost, found, total, right, documents = figures
    precision = found / (found + lost) if found else 0.0
    print(f"{name:20} documents {documents:4d}  precision {precision:.3f}  recall {found / total:.3f}  clean {right / documents:.2f}")


def speed(pipe, config, documents):
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "documents.jsonl"
        size = 0
        with open(source, "w", encoding="utf-8") as out:
            for number, document in enumerate(itertools.cycle(documents)):
                line = record(number, document)
                out.write(line)
                size += len(line.encode())
                if size >= SPEED_BYTES:
                    break
        best = float("inf")
        for _ in range(5):
            start = time.monotonic()
            subprocess.run([pipe, "run", config, "--input", source, "--output", os.devnull, "--workers", "1", "--quiet"], check=True)
            best = min(best, time.monotonic() - start)
    print(f"speed {size / best / 1e6:.0f} MB/s")


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    pipe, config, *files = sys.argv[1:]
    documents = {pathlib.Path(path).stem: read(path) for path in files}
    figures = {name: score(pipe, config, part) for name, part in documents.items()}
    for name, part in figures.items():
        show(name, part)
    show("all", [sum(column) for column in zip(*figures.values())])
    speed(pipe, config, list(itertools.chain(*documents.values())))


if __name__ == "__main__":
    main()
