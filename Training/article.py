#!/usr/bin/env python3
"""Trains the model of the article stage from labelled pages.

  article.py train DATA MODEL [CHECK]    train on all pages of DATA and write MODEL; and to CHECK some rows of features with what
                                         the trees give for them here, for the test that the pipeline gives the same
  article.py cross-validate DATA FOLDER  train five models, each without the pages of a fifth of the domains, run the pipeline with
                                         each on the pages that it did not see, and print the scores; models and outputs go to FOLDER
  article.py scores MODEL FILE.html ...  what a model says of each block of some pages

DATA is a folder with html/ID.html.gz and ground-truth.jsonl.gz, a line of JSON for each page: "id", "url", "type", "main_content" (the
text that should come out), and, for scores only, "with" and "without" (snippets that should and should not).

Needs the built programs (`swift build -c release`) and `pip install -r Training/requirements.txt`. Features come from
`.build/release/article-features`, which is the code of the stage itself; there is no second implementation of them here.

How: a block's label is the share of its words that an ordered alignment finds in `main_content`. Linear models over the words of the
elements around a block, over the block's own words, and over those of the page for its type; then boosted trees over the features of
each block; then boosted trees that see the first scores of the blocks around too. What a model adds to the features of later ones comes
from pages that it was not trained on. JSON-LD is hidden from three pages in ten, since many archives have none.
"""
import argparse
import collections
import gzip
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import zlib
from urllib.parse import urlsplit

import lightgbm
import numpy
import scipy.optimize
import scipy.sparse
from rapidfuzz.distance import LCSseq

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOOL = ROOT / ".build/release/article-features"
PIPE = ROOT / ".build/release/pipe"

MAGIC = 0x324D4350
ELEMENT_BITS, TEXT_BITS, KIND_BITS, KINDS = 14, 16, 13, 8
ELEMENT_DECAY, TEXT_DECAY, KIND_DECAY = 3e-4, 5e-6, 3e-6
TREES = 150
BOOSTING = dict(
    objective="cross_entropy", num_leaves=16, learning_rate=0.1, min_data_in_leaf=100, feature_fraction=0.5, bagging_fraction=0.7,
    bagging_freq=1, lambda_l2=5.0, max_bin=127, verbose=-1, num_threads=2, seed=1, deterministic=True)
FOLDS, INNER_FOLDS = 5, 4


def words(text):
    return re.findall(r"\w+", text.lower())


def fold_of(page, count):
    host = urlsplit(page["url"]).hostname or page["id"]
    return zlib.crc32(host.removeprefix("www.").encode()) % count


# Pages and labels


class Reader:
    """Reads what article-features writes."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def number(self):
        self.at += 4
        return struct.unpack_from("<I", self.data, self.at - 4)[0]

    def numbers(self, kind, count):
        values = numpy.frombuffer(self.data, kind, count, self.at)
        self.at += values.nbytes
        return values

    def text(self):
        size = self.number()
        self.at += size
        return self.data[self.at - size : self.at].decode("utf-8", "replace")


def column_names():
    out = subprocess.run([TOOL, "--columns"], capture_output=True, text=True, check=True).stdout.split()
    return int(out[0]), out[1:]


FIRST, COLUMNS = column_names()


def features(model, lines, texts=False):
    """What the stage sees of pages with a model: for each a table, the scores of both looks and, with texts, labels' raw material."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "model").write_bytes(model)
        command = [TOOL, path / "model", path / "out"] + (["--texts"] if texts else [])
        subprocess.run(command, input="\n".join(map(str, lines)), text=True, check=True)
        reader = Reader((path / "out").read_bytes())
    while reader.at < len(reader.data):
        count = reader.number()
        page = {"table": reader.numbers("<i2", count * len(COLUMNS)).reshape(len(COLUMNS), count).T}
        page["first"], page["last"] = reader.numbers("<f4", count), reader.numbers("<f4", count)
        if texts:
            page["words"], page["elements"], page["near"], page["tokens"] = [], [], [], []
            for _ in range(count):
                page["words"].append(words(reader.text()))
                for name in ("elements", "near", "tokens"):
                    page[name].append(reader.numbers("<u4", reader.number()))
        yield page


def labels(blocks, gold):
    """For each block the share of its words that stand in the gold text in the same order, in runs of at least three."""
    flat = [word for block in blocks for word in block]
    ids = {}
    numbers = [ids.setdefault(word, len(ids)) for word in flat]
    wanted = [ids.setdefault(word, len(ids)) for word in gold]
    known = set(wanted)
    places = [place for place, number in enumerate(numbers) if number in known]
    hit = numpy.zeros(len(flat), bool)
    for step in LCSseq.opcodes([numbers[place] for place in places], wanted) if places else []:
        if step.tag == "equal":
            for place in range(step.src_start, step.src_end):
                hit[places[place]] = True
    result, at = numpy.zeros(len(blocks)), 0
    for index, block in enumerate(blocks):
        own = hit[at : at + len(block)]
        at += len(block)
        if len(block) and own.all():
            result[index] = 1
            continue
        run = good = 0
        for found in list(own) + [False]:
            if found:
                run += 1
            else:
                good += run if run >= 3 else 0
                run = 0
        result[index] = good / max(1, len(block))
    return result


class Corpus:
    """Labelled pages, all their blocks in one table."""

    def __init__(self, data, folder):
        with gzip.open(pathlib.Path(data) / "ground-truth.jsonl.gz", "rt", encoding="utf-8") as handle:
            self.pages = [json.loads(line) for line in handle]
        self.files = []
        for page in self.pages:
            path = pathlib.Path(folder) / f"{page['id']}.html"
            path.write_bytes(gzip.open(pathlib.Path(data) / "html" / f"{page['id']}.html.gz").read())
            self.files.append(path)
        self.types = sorted({page["type"] for page in self.pages})
        self.blocks = list(features(model_bytes(), self.files, texts=True))
        self.counts = [len(page["words"]) for page in self.blocks]
        self.page_of = numpy.repeat(numpy.arange(len(self.pages)), self.counts)
        self.length = numpy.concatenate([[len(block) for block in page["words"]] for page in self.blocks]).astype(float)
        self.label = numpy.concatenate(
            [labels(blocks["words"], words(page["main_content"])) for page, blocks in zip(self.pages, self.blocks)])
        # The error of a page is relative to its length, so a block weighs by its share of the page's words.
        total = numpy.bincount(self.page_of, self.length, len(self.pages))
        self.weight = (self.length + 2) / numpy.maximum(50, total)[self.page_of]
        self.linear_weight = self.weight**0.7
        self.elements = sparse(
            [numpy.concatenate([numpy.unique(a % (1 << ELEMENT_BITS)), b]) for page in self.blocks
             for a, b in zip(page["elements"], page["near"])], ELEMENT_BITS)
        tokens = [block for page in self.blocks for block in page["tokens"]]
        self.tokens = scaled(sparse(tokens, TEXT_BITS), [len(block) for block in tokens])
        # Of a block's tokens every second is a pair of words; pages count the single ones.
        self.page_elements = self.page_sets(lambda page: page["elements"])
        self.page_tokens = self.page_sets(lambda page: [numpy.concatenate([b[:1], b[1::2]]) for b in page["tokens"]])

    def page_sets(self, lists):
        sets = [numpy.unique(numpy.concatenate(lists(page) or [numpy.zeros(0, "<u4")]) % (1 << KIND_BITS)) for page in self.blocks]
        return scaled(sparse(sets, KIND_BITS), [len(one) for one in sets])

    def rows(self, pages):
        chosen = numpy.zeros(len(self.pages), bool)
        chosen[pages] = True
        return numpy.flatnonzero(chosen[self.page_of])

    def lines(self, pages, hides):
        """How pages are named to the tool: three in ten without their structured data when some are to be hidden."""
        return [f"-{self.files[page]}" if hides and zlib.crc32(self.pages[page]["id"].encode()) % 10 < 3 else self.files[page]
                for page in pages]


def sparse(lists, bits):
    starts = numpy.concatenate([[0], numpy.cumsum([len(one) for one in lists])])
    columns = numpy.concatenate(lists).astype(numpy.int64) % (1 << bits)
    matrix = scipy.sparse.csr_matrix((numpy.ones(len(columns), numpy.float32), columns, starts), shape=(len(lists), 1 << bits))
    matrix.sum_duplicates()
    return matrix


def scaled(matrix, counts):
    return scipy.sparse.diags(1 / numpy.sqrt(numpy.maximum(1, counts))).dot(matrix).tocsr().astype(numpy.float32)


# Linear models


def logistic(matrix, target, weight, decay):
    weight = weight / weight.sum()

    def loss(values):
        scores = matrix @ values[:-1] + values[-1]
        chances = 1 / (1 + numpy.exp(-scores))
        error = weight * (chances - target)
        value = (weight * (numpy.logaddexp(0, scores) - target * scores)).sum() + decay * (values[:-1] ** 2).sum()
        return value, numpy.append(matrix.T @ error + 2 * decay * values[:-1], error.sum())

    found = scipy.optimize.minimize(loss, numpy.zeros(matrix.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 60})
    return found.x[:-1]


def small(values):
    """Weights as bytes; the few largest are cut."""
    used = numpy.abs(values[values != 0])
    scale = numpy.percentile(used, 99.5) if len(used) else 1
    return numpy.clip(numpy.round(values / scale * 100), -127, 127).astype(numpy.int8)


def linear_models(corpus, pages):
    rows = corpus.rows(pages)
    target, weight = corpus.label[rows], corpus.linear_weight[rows]
    element = small(logistic(corpus.elements[rows], target, weight, ELEMENT_DECAY))
    text = small(logistic(corpus.tokens[rows], target, weight, TEXT_DECAY))
    both = scipy.sparse.hstack([corpus.page_elements, corpus.page_tokens]).tocsr()[pages]
    kinds = numpy.zeros((both.shape[1], KINDS))
    for index, name in enumerate(corpus.types[:KINDS]):
        is_kind = numpy.array([corpus.pages[page]["type"] == name for page in pages], float)
        kinds[:, index] = logistic(both, is_kind, numpy.ones(len(pages)), KIND_DECAY)
    kinds = small(kinds.reshape(-1)).reshape(kinds.shape)
    return element, text, kinds[: 1 << KIND_BITS], kinds[1 << KIND_BITS :]


# The model file


def tree_bytes(booster):
    if booster is None:
        return struct.pack("<I", 0)
    trees = booster.dump_model()["tree_info"]
    result = [struct.pack("<I", len(trees))]
    for tree in trees:
        leaves, conditions = [], []

        def walk(node):
            if "leaf_value" in node:
                leaves.append(node["leaf_value"])
                return [len(leaves) - 1]
            place = len(conditions)
            conditions.append(None)
            left, right = walk(node["left_child"]), walk(node["right_child"])
            remaining = 0xFFFF & ~sum(1 << leaf for leaf in left)
            threshold = max(-32768, min(32767, int(numpy.floor(node["threshold"]))))
            conditions[place] = (node["split_feature"], threshold, remaining)
            return left + right

        walk(tree["tree_structure"])
        result.append(struct.pack("<I", len(conditions)))
        result += [struct.pack("<HhH", *condition) for condition in conditions]
        result += [struct.pack("<f", leaf) for leaf in leaves]
    return b"".join(result)


def model_bytes(linear=None, first=None, second=None):
    if linear is None:
        nothing = numpy.zeros((1 << KIND_BITS, KINDS), numpy.int8)
        linear = numpy.zeros(1, numpy.int8), numpy.zeros(1, numpy.int8), nothing, nothing
    parts = [struct.pack("<I", MAGIC)]
    for weights in linear[:2]:
        parts.append(struct.pack("<I", int(numpy.log2(len(weights)))) + weights.tobytes())
    parts += [weights.tobytes() for weights in linear[2:]]
    return b"".join(parts) + tree_bytes(first) + tree_bytes(second)


# Training


def boosted(table, target, weight):
    return lightgbm.train(BOOSTING, lightgbm.Dataset(table.astype(numpy.float32), target, weight=weight), TREES)


def tables(corpus, parts, models):
    """The features of pages, each part seen with its own model."""
    found = {}
    for part, model in zip(parts, models):
        for page, seen in zip(part, features(model, corpus.lines(part, hides=True))):
            found[page] = seen["table"]
    pages = sorted(found)
    return pages, numpy.concatenate([found[page] for page in pages])


def train(corpus, pages):
    """A model from some of the pages."""
    folds = numpy.array([fold_of(page, FOLDS * INNER_FOLDS) // FOLDS for page in corpus.pages])
    parts = [[page for page in pages if folds[page] == fold] for fold in range(INNER_FOLDS)]
    rests = [[page for page in pages if folds[page] != fold] for fold in range(INNER_FOLDS)]
    linear = linear_models(corpus, pages)
    inner_linear = [linear_models(corpus, rest) for rest in rests]
    ordered, table = tables(corpus, parts, [model_bytes(one) for one in inner_linear])
    rows = corpus.rows(ordered)
    target, weight, fold = corpus.label[rows], corpus.weight[rows], folds[corpus.page_of[rows]]
    table = table[:, :FIRST]
    first = boosted(table, target, weight)
    inner = [boosted(table[fold != part], target[fold != part], weight[fold != part]) for part in range(INNER_FOLDS)]
    _, table = tables(corpus, parts, [model_bytes(a, b) for a, b in zip(inner_linear, inner)])
    second = boosted(table, target, weight)
    return model_bytes(linear, first, second), check_lines(table, first, second)


def check_lines(table, first, second):
    """Rows spread over a table, each with both raw scores, as text."""
    rows = table[:: len(table) // 96]
    for row, a, b in zip(rows, first.predict(rows[:, :FIRST], raw_score=True), second.predict(rows, raw_score=True)):
        yield f"{a:.5f} {b:.5f} {' '.join(map(str, row))}\n"


# Scores


def word_f1(output, gold):
    if not output or not gold:
        return float(not output and not gold)
    shared = sum((collections.Counter(output) & collections.Counter(gold)).values())
    return 2 * shared / (len(output) + len(gold))


def found_share(text, snippets):
    return numpy.mean([snippet.lower() in text.lower() for snippet in snippets]) if snippets else numpy.nan


def run_pipeline(model, files, output):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "pages").mkdir()
        for file in files:
            (path / "pages" / file.name).symlink_to(file)
        listed = [str(path / "pages" / file.name) for file in files]
        configuration = {"input": {"paths": listed}, "stages": [{"use": "article", "model": str(model.resolve())}],
                         "output": {"path": str(output.resolve())}}
        (path / "pipeline.json").write_text(json.dumps(configuration))
        subprocess.run([PIPE, "run", "--quiet", path / "pipeline.json"], check=True)
    with open(output, encoding="utf-8") as handle:
        return {pathlib.PurePath(record["id"]).stem: record["text"] for record in map(json.loads, handle)}


def cross_validate(corpus, folder):
    folder.mkdir(parents=True, exist_ok=True)
    scores, means = collections.defaultdict(list), []
    for fold in range(FOLDS):
        kept = [index for index, page in enumerate(corpus.pages) if fold_of(page, FOLDS) != fold]
        held = [index for index, page in enumerate(corpus.pages) if fold_of(page, FOLDS) == fold]
        model = folder / f"fold-{fold}.model"
        model.write_bytes(train(corpus, kept)[0])
        texts = run_pipeline(model, [corpus.files[index] for index in held], folder / f"fold-{fold}.jsonl")
        own = collections.defaultdict(list)
        for index in held:
            page = corpus.pages[index]
            text = texts.get(page["id"], "")
            value = word_f1(words(text), words(page["main_content"]))
            bare = not re.search(rb"<script[^>]*>[^<]", corpus.files[index].read_bytes())
            for name in ("all", page["type"]) + (("without scripts",) if bare else ()):
                own[name].append(value)
            own["with"].append(found_share(text, page.get("with", [])))
            own["without"].append(found_share(text, page.get("without", [])))
        print(f"fold {fold}/{FOLDS} {len(held)} pages " + "  ".join(f"{k} {numpy.nanmean(v):.4f}" for k, v in sorted(own.items())), flush=True)
        means.append({name: numpy.nanmean(values) for name, values in own.items()})
        for name, values in own.items():
            scores[name] += values
    for name in sorted(scores):
        by_fold = [mean[name] for mean in means if name in mean]
        print(f"{name:16} {len(scores[name]):5} pages  mean {numpy.nanmean(scores[name]):.4f}  mean of the folds {numpy.mean(by_fold):.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["train", "cross-validate", "scores"])
    parser.add_argument("paths", nargs="+")
    arguments = parser.parse_args()
    if arguments.action == "scores":
        model, *files = arguments.paths
        for file, page in zip(files, features(pathlib.Path(model).read_bytes(), files, texts=True)):
            for index, block in enumerate(page["words"]):
                print(f"{file}\t{index}\t{page['first'][index]:.4f}\t{page['last'][index]:.4f}\t{' '.join(block)[:80]}")
        return
    if len(arguments.paths) not in ((2, 3) if arguments.action == "train" else (2,)):
        parser.error(f"{arguments.action} takes two paths" + (", or three" if arguments.action == "train" else ""))
    data, target, *check = map(pathlib.Path, arguments.paths)
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus(data, folder)
        if arguments.action == "train":
            model, lines = train(corpus, list(range(len(corpus.pages))))
            target.write_bytes(model)
            for path in check:
                path.write_text("".join(lines))
        else:
            cross_validate(corpus, target)


if __name__ == "__main__":
    main()
