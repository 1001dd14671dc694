#!/usr/bin/env python3
"""Counts the sentences of a corpus that a clean-up removes or shortens, and lists them.

  alarms.py [--lines] PIPE CONFIG FILE.jsonl...

PIPE is the release binary, CONFIG a pipeline for text such as pipelines/text.json. Lines of FILE hold {"lang","text","spans"}: running text, and
where its sentences are in code points, as Universal Dependencies treebanks give them. Each text goes through the pipeline as it is, or with --lines with each sentence on a line of its own.

Needs nothing but Python's standard library.
"""
import json
import pathlib
import re
import subprocess
import sys


def fold(text):
    return re.sub(r"\s+", " ", text).strip()


def by_line(record):
    text, spans = "", []
    for start, end in record["spans"]:
        sentence = fold(record["text"][start:end])
        spans.append((len(text), len(text) + len(sentence)))
        text += sentence + "\n\n"
    return {"lang": record["lang"], "text": text, "spans": spans}


def clean(pipe, config, records):
    lines = "".join(
        json.dumps({"id": str(number), "language": record["lang"], "text": record["text"]}, ensure_ascii=False) + "\n"
        for number, record in enumerate(records))
    command = [pipe, "run", config, "--format", "jsonl", "--input", "-", "--output", "-", "--quiet"]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--lines"]
    if len(arguments) < 3:
        sys.exit(__doc__)
    pipe, config, *files = arguments
    for path in files:
        with open(path, encoding="utf-8") as handle:
            records = [json.loads(line) for line in handle if line.strip()]
        if len(arguments) < len(sys.argv) - 1:
            records = [by_line(record) for record in records]
        total = lost = 0
        for record, result in zip(records, clean(pipe, config, records)):
            kept, place = fold(result["text"]), 0
            for start, end in record["spans"]:
                sentence = fold(record["text"][start:end])
                total += 1
                found = kept.find(sentence, place)
                if found >= 0:
                    place = found + len(sentence)
                    continue
                lost += 1
                rules = [entry["rule"] for entry in result.get("removed", []) if sentence in fold(entry["text"]) or fold(entry["text"]) in sentence]
                print(f"{pathlib.Path(path).stem}\t{rules[0] if rules else '?'}\t{sentence}")
        print(f"{pathlib.Path(path).stem}: {lost} of {total} sentences")


if __name__ == "__main__":
    main()
