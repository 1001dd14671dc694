#!/usr/bin/env python3
"""Learns from raw text how words are used: clusters of words that stand in the same places, and how a word is mostly written.

  entity_words.py OUT FILE ...    read texts (.jsonl or .jsonl.gz with "text" or "main_content") and write OUT/clusters.tsv and OUT/habits.tsv

Clusters: positive pointwise mutual information of a word with its two neighbours on either side (Bullinaria and Levy, Behavior Research Methods 2007),
reduced by a truncated singular value decomposition, then k-means twice: coarse groups, and finer ones within each. A finer cluster's number
divided by 16 is that of its group. No labels are read. The same texts in the same order give the same files.
"""
import argparse
import collections
import gzip
import json
import pathlib
import re

import numpy
import scipy.sparse
import scipy.sparse.linalg

WORD = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*|[^\w\s]")
VOCABULARY = 60000
LEAST = 4
CONTEXTS = 6000
OFFSETS = (-2, -1, 1, 2)
DIMENSIONS = 120
GROUPS, WITHIN = 63, 16
# A capital letter behind these says nothing.
OPENERS = ".!?:\"“”'‘’()-–—•*|"


def texts_of(paths):
    for path in paths:
        opened = gzip.open(path, "rt", encoding="utf-8") if str(path).endswith(".gz") else open(path, encoding="utf-8")
        with opened as lines:
            for line in lines:
                if line.strip():
                    record = json.loads(line)
                    yield record.get("text") or record.get("main_content") or ""


def lines_of(paths):
    """The lines of all texts as words, each line once."""
    seen = set()
    for text in texts_of(paths):
        for line in text.split("\n"):
            if len(line) > 10 and line not in seen:
                seen.add(line)
                yield WORD.findall(line.replace("'s", " 's").replace("’s", " 's"))


def habit(small, capital):
    if small + capital < 3:
        return 0
    share = capital / (small + capital)
    return 1 + sum(share > edge for edge in (0.02, 0.2, 0.6, 0.9, 0.99))


def habits(lines):
    """For each word seen often enough a number from 1 (always in small letters) to 6 (always with a capital one)."""
    usage = collections.defaultdict(lambda: [0, 0])
    for line in lines:
        letters = [word for word in line if word[0].isalpha()]
        if sum(word[0].isupper() for word in letters) * 2 > len(letters):
            continue
        for before, word in zip(line, line[1:]):
            if word[0].isalpha() and before not in OPENERS:
                usage[word.lower()][word[0].isupper()] += 1
    return {word: habit(*usage[word]) for word in sorted(usage) if habit(*usage[word])}


def neighbours(lines, vocabulary):
    """How often each word has each of the most common words (or the end of the line) at each offset."""
    number = {word: index for index, word in enumerate(vocabulary)}
    rows, columns = [], []
    for line in lines:
        ids = numpy.array([CONTEXTS, CONTEXTS] + [number.get(word.lower(), -1) for word in line] + [CONTEXTS, CONTEXTS])
        middle = numpy.arange(2, len(ids) - 2)
        for place, offset in enumerate(OFFSETS):
            word, context = ids[middle], ids[middle + offset]
            good = (word >= 0) & (context >= 0) & (context <= CONTEXTS)
            rows.append(word[good])
            columns.append(context[good] + place * (CONTEXTS + 1))
    rows, columns = numpy.concatenate(rows), numpy.concatenate(columns)
    matrix = scipy.sparse.csr_matrix((numpy.ones(len(rows)), (rows, columns)), shape=(len(vocabulary), len(OFFSETS) * (CONTEXTS + 1)))
    matrix.sum_duplicates()
    return matrix


def information(matrix):
    """Positive pointwise mutual information; rare words and contexts are held back."""
    total = matrix.sum()
    by_word = numpy.asarray(matrix.sum(axis=1)).ravel() + 1
    by_context = numpy.asarray(matrix.sum(axis=0)).ravel() ** 0.75
    by_context *= total / by_context.sum()
    entries = matrix.tocoo()
    values = numpy.log(entries.data * total / (by_word[entries.row] * (by_context[entries.col] + 1)))
    keep = values > 0
    return scipy.sparse.csr_matrix((values[keep], (entries.row[keep], entries.col[keep])), shape=matrix.shape)


def vectors_of(matrix):
    """A vector of length one for each row."""
    start = numpy.random.default_rng(1).uniform(-1, 1, min(matrix.shape))
    left, sizes, _ = scipy.sparse.linalg.svds(matrix, k=min(DIMENSIONS, min(matrix.shape) - 1), v0=start)
    vectors = left * numpy.sqrt(sizes)
    return vectors / (numpy.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)


def kmeans(vectors, k, seed, rounds=25):
    random = numpy.random.default_rng(seed)
    centres = vectors[random.choice(len(vectors), k, replace=False)]
    for _ in range(rounds):
        labels = numpy.empty(len(vectors), int)
        for start in range(0, len(vectors), 8192):
            labels[start:start + 8192] = (vectors[start:start + 8192] @ centres.T).argmax(axis=1)
        for label in range(k):
            members = vectors[labels == label]
            if len(members):
                centre = members.sum(axis=0)
                centres[label] = centre / (numpy.linalg.norm(centre) + 1e-9)
            else:
                centres[label] = vectors[random.integers(len(vectors))]
    return labels


def clusters(lines):
    """For each word seen often enough the number of its cluster, from 16 to 16 * GROUPS + 15."""
    counts = collections.Counter(word.lower() for line in lines for word in line)
    vocabulary = [word for word, count in counts.most_common(VOCABULARY) if count >= LEAST]
    print(f"{sum(counts.values())} tokens, {len(counts)} words, {len(vocabulary)} of them in clusters")
    if len(vocabulary) < 2:
        return {}
    vectors = vectors_of(information(neighbours(lines, vocabulary)))
    groups = kmeans(vectors, min(GROUPS, len(vectors)), 1)
    found = {}
    for group in range(GROUPS):
        members = numpy.flatnonzero(groups == group)
        if len(members):
            within = kmeans(vectors[members], min(WITHIN, len(members)), group)
            found.update({vocabulary[index]: 16 + group * 16 + int(label) for index, label in zip(members, within)})
    return found


def write_to(folder, paths):
    """Writes clusters.tsv and habits.tsv of the texts to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = list(lines_of(paths))
    for name, entries in (("habits", habits(lines)), ("clusters", clusters(lines))):
        (folder / f"{name}.tsv").write_text("".join(f"{word}\t{number}\n" for word, number in entries.items()), encoding="utf-8")


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args(argv)
    write_to(arguments.out, arguments.files)


if __name__ == "__main__":
    main()
