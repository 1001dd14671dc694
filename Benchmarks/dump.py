#!/usr/bin/env python3
"""Shows that the size of an XML dump does not change the memory that reading it takes.

  dump.py PIPE [--megabytes 100,1000]

Writes MediaWiki dumps of these sizes, reads each with 2 workers, and prints the peak memory and its ratio.
"""
import argparse
import os
import pathlib
import random
import sys
import tempfile

import bars

CONFIG = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Cases" / "xml-mediawiki" / "pipeline.json"
WORDS = "lock canal boat gate water quay heron bridge tide mill ferry rope engine winter keeper island harbour".split()


def write_dump(path, megabytes):
    random.seed(7)
    paragraphs = [" ".join(random.choices(WORDS, k=random.randint(20, 120))).capitalize() + "." for _ in range(500)]
    with open(path, "w", encoding="utf-8") as out:
        out.write('<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xml:lang="en">\n')
        number = 0
        while out.tell() < megabytes * 1_000_000:
            for _ in range(200):
                number += 1
                text = "\n\n".join(random.choices(paragraphs, k=random.randint(1, 40)))
                out.write(f"<page><title>Page {number}</title><ns>{number % 5 and 0 or 1}</ns><id>{number}</id><revision>"
                          f"<timestamp>2024-01-01T00:00:00Z</timestamp><text>{text} &lt;ref&gt;</text></revision></page>\n")
        out.write("</mediawiki>\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pipe")
    parser.add_argument("--megabytes", default="100,1000")
    args = parser.parse_args()
    bars.CONFIG = CONFIG
    peaks = []
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        source, target = os.path.join(folder, "dump.xml"), os.path.join(folder, "out.jsonl")
        for size in map(int, args.megabytes.split(",")):
            write_dump(source, size)
            seconds, cpu, peak = bars.run(args.pipe, source, target, 2)
            peaks.append(peak)
            print(f"{size:6} MB: peak {peak:4.0f} MB, {size / seconds:4.0f} MB/s", flush=True)
    print(f"ratio {peaks[-1] / peaks[0]:.2f}")


if __name__ == "__main__":
    main()
