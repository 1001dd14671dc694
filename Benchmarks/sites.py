#!/usr/bin/env python3
"""What a profile learned in two passes does to pages of sites with three pages or more.

  sites.py PIPE DATA SCORER     DATA is a folder of WCXB (html/*.html.gz and ground-truth.jsonl.gz),
                                SCORER a script called as SCORER jsonl DATA, and SCORER score DATA OUTPUT.jsonl
"""
import collections
import gzip
import itertools
import json
import os
import subprocess
import sys
import tempfile
from urllib.parse import urlsplit


def host(url):
    return (urlsplit(url or "").hostname or "").removeprefix("www.")


def main():
    pipe, data, scorer = (os.path.abspath(path) for path in sys.argv[1:4])
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        lines = subprocess.run([sys.executable, scorer, "jsonl", data], check=True, capture_output=True).stdout.decode().split("\n")
        pages = [(json.loads(line), line) for line in lines if line]
        counts = collections.Counter(host(page["url"]) for page, _ in pages)
        chosen = {page["id"] for page, _ in pages if host(page["url"]) and counts[host(page["url"])] >= 3}
        with open("pages.jsonl", "w", encoding="utf-8") as out:
            out.writelines(line + "\n" for page, line in pages if page["id"] in chosen)
        os.makedirs("data/html")
        for name in chosen:
            os.symlink(f"{data}/html/{name}.html.gz", f"data/html/{name}.html.gz")
        with gzip.open(f"{data}/ground-truth.jsonl.gz", "rt", encoding="utf-8") as truth, gzip.open("data/ground-truth.jsonl.gz", "wt", encoding="utf-8") as out:
            out.writelines(line for line in truth if json.loads(line)["id"] in chosen)
        print(f"{len(chosen)} pages of {sum(1 for name, count in counts.items() if name and count >= 3)} sites")
        for content, name in itertools.product(("main", "all"), ("one pass", "two passes")):
            flags = ["--two-pass"] if name == "two passes" else []
            with open("p.json", "w") as out:
                json.dump({"stages": [{"use": "article", "content": content}, {"use": "boilerplate"}], "input": {"paths": ["pages.jsonl"]}}, out)
            subprocess.run([pipe, "run", "p.json", "-o", "out.jsonl", "-q", *flags], check=True)
            shown = subprocess.run([sys.executable, scorer, "score", "data", "out.jsonl"], check=True, capture_output=True, text=True).stdout
            print(f"{content} content, {name}:", *(line for line in shown.split("\n") if line.startswith(("with", "all"))), sep="\n  ")


if __name__ == "__main__":
    sys.exit(main())
