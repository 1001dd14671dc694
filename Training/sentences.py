#!/usr/bin/env python3
"""Trains the model of the sentences stage from labelled texts.

  sentences.py train MODEL FILE.jsonl ...            train on all texts and write MODEL
  sentences.py cross-validate FOLDER FILE.jsonl ...  train five models, each without a fifth of the texts of each file, split with
                                                     each the texts that it did not see, and print the scores; models go to FOLDER
  sentences.py score MODEL FILE.jsonl ...            the scores of a model on texts that it was not trained on; "-" for the built-in one

A line of a file holds {"lang": "de", "text": "…", "spans": [[start, end], …]}: where each sentence is, in code points. The score is that of
sentence ends inside paragraphs: ends before a blank line and at the end of a text come free, and are not counted.

Needs the built programs (`swift build -c release`) and `pip install -r Training/requirements.txt`. Features come from
`.build/release/sentence-features`, which is the code of the stage itself; there is no second implementation of them here.

How: logistic regression over hashed features, with an L2 penalty, by L-BFGS. Each place counts twice: with all its features, and with those alone
that tell no words, for the languages that the model is not trained on; there a language with little data counts as much as one with more.
"""
import argparse
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

import numpy
import scipy.optimize
import scipy.sparse

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOOL = ROOT / ".build/release/sentence-features"
PIPE = ROOT / ".build/release/pipe"

MAGIC = 0x314D5350
BITS = 17
PENALTY = 0.7
# Weights are kept as whole sixteenths in a signed byte.
SCALE = 16
FOLDS = 5
# A language's places count together as this many in the part that knows no words, each between a third and three times.
SHARE = 9000


def texts_of(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def places_of(texts):
    """For each text the places that rules do not decide on: (is an end, language, shared, hashes)."""
    lines = "".join(json.dumps({key: text[key] for key in ("lang", "text", "spans")}) + "\n" for text in texts)
    data = subprocess.run([TOOL], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
    result, index = [], 0
    while index < len(data):
        (length,) = struct.unpack_from("<I", data, index)
        index += 4
        end = index + length
        places = []
        while index < end:
            is_end, language, shared, count = data[index:index + 4]
            places.append((is_end, language, shared, numpy.frombuffer(data, "<u4", count, index + 4)))
            index += 4 + 4 * count
        result.append(places)
    return result


def matrix(rows):
    indices = numpy.concatenate(rows) & ((1 << BITS) - 1)
    starts = numpy.concatenate([[0], numpy.cumsum([len(row) for row in rows])])
    return scipy.sparse.csr_matrix((numpy.ones(len(indices), numpy.float32), indices.astype(numpy.int32), starts), shape=(len(rows), 1 << BITS))


def train(places):
    counts = {}
    for place in places:
        counts[place[1]] = counts.get(place[1], 0) + 1
    rows = [hashes for _, _, _, hashes in places] + [hashes[:shared] for _, _, shared, hashes in places]
    weights = numpy.array([1.0] * len(places) + [min(3, max(0.3, SHARE / counts[place[1]])) for place in places])
    labels = numpy.array([place[0] for place in places] * 2, float)
    features = matrix(rows)
    transposed = features.T.tocsr()
    signs = 2 * labels - 1

    def loss(parameters):
        scores = features @ parameters[:-1] + parameters[-1]
        slope = weights * (1 / (1 + numpy.exp(-scores)) - labels)
        value = (weights * numpy.logaddexp(0, -signs * scores)).sum() + 0.5 * PENALTY * parameters[:-1] @ parameters[:-1]
        return value, numpy.concatenate([transposed @ slope + PENALTY * parameters[:-1], [slope.sum()]])

    start = numpy.zeros((1 << BITS) + 1)
    return scipy.optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 120}).x


def write(parameters, path):
    weights = numpy.clip(numpy.round(parameters[:-1] * SCALE), -127, 127).astype(numpy.int8)
    path.write_bytes(struct.pack("<IIi", MAGIC, BITS, int(round(parameters[-1] * SCALE))) + weights.tobytes())


def split(texts, model):
    """Where sentences end, in code points, for each text, by the program itself."""
    with tempfile.TemporaryDirectory() as folder:
        stage = {"use": "sentences"} if model is None else {"use": "sentences", "model": str(model.resolve())}
        configuration = pathlib.Path(folder, "split.json")
        configuration.write_text(json.dumps({"stages": [stage]}))
        lines = "".join(
            json.dumps({"id": str(number), "language": text["lang"], "text": text["text"]}) + "\n" for number, text in enumerate(texts))
        output = subprocess.run(
            [PIPE, "run", configuration, "--format", "jsonl", "-i", "-", "-o", "-", "-q"], input=lines.encode(), stdout=subprocess.PIPE,
            check=True).stdout
    return [{sentence["end"] for sentence in json.loads(line)["sentences"]} for line in output.splitlines()]


def count(texts, found):
    """Right, found and true ends inside paragraphs."""
    total = numpy.zeros(3, int)
    for text, ends in zip(texts, found, strict=True):
        free = {match.start() for match in re.finditer(r"\s*\n\n|\s*$", text["text"])}
        true = {end for _, end in text["spans"]} - free
        ends = ends - free
        total += [len(true & ends), len(ends), len(true)]
    return total


def tell(path, total):
    right, found, true = total
    precision, recall = right / max(1, found), right / max(1, true)
    print(f"{pathlib.Path(path).stem:16} precision {precision:.4f} recall {recall:.4f} F1 {2 * right / max(1, found + true):.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["train", "cross-validate", "score"])
    parser.add_argument("target")
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    corpora = {path: texts_of(path) for path in arguments.files}
    target = pathlib.Path(arguments.target)
    if arguments.command == "score":
        for path, texts in corpora.items():
            tell(path, count(texts, split(texts, None if arguments.target == "-" else target)))
        return
    languages = subprocess.run([TOOL, "--languages"], stdout=subprocess.PIPE, check=True).stdout.decode().split()
    for path, texts in corpora.items():
        for text in texts:
            if text.setdefault("lang", "en") not in languages:
                sys.exit(f"{path}: {text['lang']} is none of the languages that a model has room for: {' '.join(languages)}")
    places = {path: places_of(texts) for path, texts in corpora.items()}
    if arguments.command == "train":
        write(train([place for texts in places.values() for text in texts for place in text]), target)
        return
    target.mkdir(parents=True, exist_ok=True)
    totals = {path: numpy.zeros(3, int) for path in corpora}
    for fold in range(FOLDS):
        seen = [place for texts in places.values() for number, text in enumerate(texts) if number % FOLDS != fold for place in text]
        model = target / f"{fold}.model"
        write(train(seen), model)
        for path, texts in corpora.items():
            unseen = texts[fold::FOLDS]
            totals[path] += count(unseen, split(unseen, model))
    for path, total in totals.items():
        tell(path, total)


if __name__ == "__main__":
    main()
