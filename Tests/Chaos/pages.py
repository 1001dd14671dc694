"""Makes the pages that chaos.py feeds to the engine: the same ones for the same number of documents. Used by chaos.py.

The corpus comes in three shapes: a folder of pages, a file of JSON Lines, and that file compressed. Some pages hold a word on which the
stage `fault` crashes, spins or allocates without end; `calm` is JSON Lines of the same pages with harmless words instead.
"""
import gzip
import html
import json
import os
import random

SHAPES = ("folder", "jsonl", "jsonl.gz")
CALM = "calm"
# How many pages hold which word. Spinning and allocating cost seconds, so that there is but one of each.
FAULTS = {
    "FAULT-SEGV": 2, "FAULT-ABORT": 2, "FAULT-STACK": 2, "FAULT-EXIT": 2, "FAULT-NONSENSE": 2, "FAULT-SPIN": 1, "FAULT-ALLOC": 1}
FEWEST = 2 * sum(FAULTS.values())
NOUNS = ("lantern ferry orchard chimney kettle harbour saddle meadow cellar bakery tunnel violin garden anchor stable window engine "
         "market bridge library wagon quarry").split()
VERBS = "opened closed carried mended counted painted crossed followed measured lowered repaired warmed guarded moved found".split()
PLACES = ("behind the mill", "near the old weir", "on the north bank", "below the viaduct", "at the end of the street", "in Ålesund",
          "in Łódź", "along the Mürz", "beside the Café Érable", "under the plane trees")
EXTRAS = ("“That is all we know,” she said.", "The price rose by 3,5 % — or 12 €.", "Никто не спешил.", "それだけです。", "A naïve plan, said the crew.",
          "It was 4°C; nobody minded.", "The sign read ‘Übergang’.", "A small 🦆 watched.", "لا أحد يعرف.", "Πάμε πάλι.")


def sentence(rng):
    if rng.random() < 0.12:
        return rng.choice(EXTRAS)
    first, second = rng.sample(NOUNS, 2)
    return f"The {first} keeper {rng.choice(VERBS)} the {second} {rng.choice(PLACES)} on day {rng.randint(1, 900)}."


def paragraph(rng):
    return " ".join(sentence(rng) for _ in range(rng.randint(2, 6)))


def page(rng, number, fault):
    """A page of 1 to 4 kB; `fault` is a word to put into its middle, or None."""
    paragraphs = [paragraph(rng) for _ in range(rng.randint(3, 7))]
    if fault:
        paragraphs[len(paragraphs) // 2] += f" The keeper wrote {fault} on the wall of the cellar, and nobody knew why."
    title = f"{rng.choice(NOUNS).capitalize()} number {number}"
    body = "\n".join(f"<p>{html.escape(text, quote=False)}</p>" for text in paragraphs)
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title} | The Weir</title></head><body>\n'
            '<nav><a href="/">Home</a> <a href="/water">Water</a> <a href="/boats">Boats</a></nav>\n'
            f"<article><h1>{title}</h1>\n{body}\n</article>\n<footer>© The Weir, page {number}</footer></body></html>\n")


def fault_places(rng, documents):
    """Where the words go: anywhere, but one on the first page, one on the last, and two on neighbours."""
    words = [word for word, count in FAULTS.items() for _ in range(count)]
    rng.shuffle(words)
    middle = documents // 2
    fixed = [0, middle, middle + 1, documents - 1]
    others = rng.sample([number for number in range(documents) if number not in fixed], len(words) - len(fixed))
    return dict(zip(fixed + others, words))


def file_name(number):
    odd = {3: "with space ", 5: "straße-", 7: "ページ-"}.get(number % 100, "")
    return f"{number % 7}/{odd}page-{number:05}.html"


def record(number, text):
    fields = {"id": f"weir-{number}", "url": f"https://weir.example/{number}", "html": text}
    # Some have no id of their own, so that they are named by file and line.
    if number % 97 == 50:
        del fields["id"]
    return json.dumps(fields, ensure_ascii=number % 3 == 0) + "\n" + ("\n" if number % 211 == 100 else "")


class Corpus:
    """The pages in one shape: where they are, and which of them hold fault words, by the names that documents have."""

    def __init__(self, kind, path):
        self.kind = kind
        self.path = path
        self.faulty = set()


def write_all(folder, documents):
    """Writes the corpora below a folder; returns them by kind: one of SHAPES, or CALM."""
    rng = random.Random(f"pages {documents}")
    places = fault_places(rng, documents)
    texts = [page(rng, number, places.get(number)) for number in range(documents)]
    pages = Corpus("folder", os.path.join(folder, "pages"))
    for number, text in enumerate(texts):
        path = os.path.join(pages.path, file_name(number))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write(path, text.encode())
        if number in places:
            pages.faulty.add(path)
    records = [record(number, text) for number, text in enumerate(texts)]
    data = "".join(records).encode()
    plain = Corpus("jsonl", write(os.path.join(folder, "pages.jsonl"), data))
    packed = Corpus("jsonl.gz", write(os.path.join(folder, "pages.jsonl.gz"), gzip.compress(data, 6, mtime=0)))
    calm = Corpus(CALM, write(os.path.join(folder, "calm.jsonl"), data.replace(b"FAULT-", b"LATER-")))
    for corpus in (plain, packed):
        corpus.faulty = set(names_at(places, records, corpus.path))
    return {corpus.kind: corpus for corpus in (pages, plain, packed, calm)}


def write(path, data):
    with open(path, "wb") as out:
        out.write(data)
    return path


def names_at(places, records, path):
    """The names of the records at these places of a file."""
    line = 1
    for number, text in enumerate(records):
        if number in places:
            yield json.loads(text).get("id", f"{path}:{line}")
        line += text.count("\n")
