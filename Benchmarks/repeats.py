#!/usr/bin/env python3
"""Near copies: a made corpus with planted ones, what is found of them, how fast, and how much memory and disk it takes.

  repeats.py PIPE                      100,000 documents: recall, precision, documents a second
     --documents 1000000               another number
     --words 3 --threshold 0.6         other options
     --datasketch                      the verdicts of datasketch (PyPI) at the same parameters too
     --growth                          memory and state at 10,000, 100,000 and 1,000,000 documents

A third of the documents are copies of earlier ones in which 5 to 30 % of the words were replaced, left out or followed by
another. The truth is the Jaccard similarity of their sets of word shingles, computed here without hashes, against every
earlier document of the same origin that was kept; texts of different origin share next to no shingles.
"""
import argparse
import itertools
import json
import math
import os
import random
import re
import subprocess
import sys
import tempfile
import time


def corpus(count, path, seed=7):
    """Writes documents; gives for each the number of its origin."""
    generator = random.Random(seed)
    vocabulary = sorted({
        "".join(generator.choice("bcdfghjklmnprstvwz") + generator.choice("aeiou") for _ in range(generator.randint(1, 4)))
        for _ in range(30000)
    })
    weights = list(itertools.accumulate(1 / (i + 5) for i in range(len(vocabulary))))
    pool, origins = [], []
    with open(path, "w", encoding="utf-8") as file:
        for number in range(count):
            if pool and generator.random() < 1 / 3:
                origin, source = generator.choice(pool)
                rate, text = generator.uniform(0.05, 0.3), []
                for word in source:
                    if generator.random() >= rate:
                        text.append(word)
                        continue
                    kind = generator.randrange(3)
                    if kind == 2:
                        text.append(word)
                    if kind:
                        text.append(generator.choice(vocabulary))
            else:
                length = int(min(2000, max(40, generator.lognormvariate(5.8, 0.6))))
                origin, text = number, generator.choices(vocabulary, cum_weights=weights, k=length)
                if len(pool) < 20000:
                    pool.append((origin, text))
                else:
                    pool[generator.randrange(len(pool))] = (origin, text)
            origins.append(origin)
            paragraphs = [" ".join(text[at:at + 60]) for at in range(0, len(text), 60)]
            file.write(json.dumps({"id": str(number), "text": "\n\n".join(paragraphs)}) + "\n")
    return origins


def run(pipe, folder, corpus_path, stages, **more):
    config = {"stages": stages, "input": {"paths": [corpus_path]}, "output": {"path": "out.jsonl"},
              "run": {"isolation": "none", "workers": 1}} | more
    path = os.path.join(folder, "config.json")
    with open(path, "w") as file:
        json.dump(config, file)
    start = time.time()
    process = subprocess.Popen([pipe, "run", path, "--quiet"])
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, status
    return time.time() - start, usage.ru_maxrss / 1000, usage.ru_utime + usage.ru_stime


def shingles(text, width):
    words = text.split()
    width = min(width, len(words))
    return {tuple(words[at:at + width]) for at in range(len(words) - width + 1)}


def similarity(a, b):
    return len(a & b) / len(a | b)


def judge(texts, origins, verdicts, width, threshold):
    """Recall and precision of verdicts: for each document the number of the one it is said to be a copy of, or None."""
    families, kept = {}, {}
    sets = {}
    for number, origin in enumerate(origins):
        families.setdefault(origin, []).append(number)
    true = found = said = right = 0
    for number, origin in enumerate(origins):
        verdict = verdicts[number]
        if len(families[origin]) == 1 and verdict is None:
            continue
        own = sets.setdefault(number, shingles(texts[number], width))
        is_copy = any(similarity(own, sets[other]) >= threshold for other in kept.get(origin, []))
        true += is_copy
        found += is_copy and verdict is not None
        if verdict is not None:
            said += 1
            other = sets.setdefault(verdict, shingles(texts[verdict], width))
            right += similarity(own, other) >= threshold
        else:
            kept.setdefault(origin, []).append(number)
    return true, found / max(1, true), said, right / max(1, said)


def datasketch_verdicts(texts, width, threshold, bands, rows):
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(num_perm=bands * rows, params=(bands, rows))
    verdicts, signatures = [], {}
    start = time.time()
    for number, text in enumerate(texts):
        words = text.split()
        size = min(width, len(words))
        signature = MinHash(num_perm=bands * rows)
        signature.update_batch([" ".join(words[at:at + size]).encode() for at in range(len(words) - size + 1)])
        candidates = sorted(int(key) for key in index.query(signature))
        verdicts.append((candidates, signature))
        if not any(similarity(shingles(text, width), shingles(texts[other], width)) >= threshold for other in candidates):
            index.insert(str(number), signature)
    return verdicts, time.time() - start


def banding(threshold):
    for rows in range(16, 0, -1):
        share = threshold ** rows
        bands = 1 if share >= 1 else math.ceil(math.log(0.01) / math.log(1 - share))
        if bands <= 20 or rows == 1:
            return min(bands, 64), rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pipe")
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--words", type=int, default=3)
    parser.add_argument("--threshold", type=float, default=0.6)
    parser.add_argument("--datasketch", action="store_true")
    parser.add_argument("--growth", action="store_true")
    args = parser.parse_args()
    pipe = os.path.abspath(args.pipe)
    stage = {"use": "near-duplicates", "action": "mark", "words": args.words, "threshold": args.threshold}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "corpus.jsonl")
        if args.growth:
            for count in (10_000, 100_000, 1_000_000):
                corpus(count, path)
                state = os.path.join(folder, f"state-{count}.sqlite")
                seconds, memory, processor = run(
                    pipe, folder, path, [stage], state=state, output={"path": f"out-{count}", "parts": {"documents": 1000}})
                print(f"{count:>9} documents: {seconds:.1f} s, peak memory {memory:.0f} MB, state {os.path.getsize(state) / 1e6:.0f} MB",
                      flush=True)
                subprocess.run(["rm", "-rf", os.path.join(folder, f"out-{count}"), state], check=True)
            return
        origins = corpus(args.documents, path)
        plain = run(pipe, folder, path, [{"use": "filter"}])
        seconds, memory, processor = run(pipe, folder, path, [stage])
        count = args.documents
        print(f"{count} documents of {os.path.getsize(path) / count / 1000:.1f} kB, one worker: {seconds:.1f} s, {count / seconds:.0f} a second,"
              f" {count / processor:.0f} a second of processor time; without the stage {plain[0]:.1f} s; peak memory {memory:.0f} MB")
        verdicts = []
        with open(os.path.join(folder, "out.jsonl"), encoding="utf-8") as file:
            for line in file:
                cluster = re.search(r'"cluster":"(\d+)"', line)
                verdicts.append(int(cluster.group(1)) if cluster else None)
        with open(path, encoding="utf-8") as file:
            texts = [json.loads(line)["text"] for line in file]
        true, recall, said, precision = judge(texts, origins, verdicts, args.words, args.threshold)
        print(f"{true} copies at {args.threshold} of {args.words} words: recall {recall:.4f}, precision {precision:.4f} of {said}")
        if args.datasketch:
            bands, rows = banding(args.threshold)
            theirs, seconds = datasketch_verdicts(texts, args.words, args.threshold, bands, rows)
            sets = {}

            def of(number):
                if number not in sets:
                    sets[number] = shingles(texts[number], args.words)
                return sets[number]

            same = raw = confirmed = only_ours = only_theirs = 0
            for number, (candidates, signature) in enumerate(theirs):
                real = [other for other in candidates if similarity(of(number), of(other)) >= args.threshold]
                raw += bool(candidates)
                confirmed += bool(real)
                same += bool(real) == (verdicts[number] is not None)
                only_ours += verdicts[number] is not None and not real
                only_theirs += bool(real) and verdicts[number] is None
            print(f"datasketch, {bands} bands of {rows}: {seconds:.0f} s; {raw} documents with candidates, {confirmed} of them with one at the"
                  f" threshold; the same verdict on {same} of {count}; {only_ours} copies only ours, {only_theirs} only theirs")


if __name__ == "__main__":
    sys.exit(main())
