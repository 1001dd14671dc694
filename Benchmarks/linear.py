#!/usr/bin/env python3
"""Checks that the time for a hostile page grows with its length, and that no text behind the odd place is lost.

  linear.py PIPE [--runs 5] [--most 2.3]

Each page is made at a size and at twice that size, as an HTML page and, where it makes sense, as a record of an XML file. Printed
are CPU milliseconds (best of the runs, less the time of an empty page) and their ratio; the exit status is 1 when a ratio is above the most
allowed or a text was lost. Times below 10 ms are not judged.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BEFORE, AFTER = "<p>The text before the odd place is here.</p>", "<p>The text after the odd place is here too.</p>"

HTML = {
    "nested elements": lambda n: "<div>" * (100_000 * n) + "deep",
    "attributes of one tag": lambda n: "<p " + " ".join(f"a{i}=1" for i in range(800_000 * n)) + ">many</p>",
    "kept attributes of one tag": lambda n: "<p " + " ".join("class=x" for i in range(80_000 * n)) + ">many</p>",
    "long text": lambda n: "<p>" + "long text " * (1_100_000 * n // 2) + "</p>",
    "stray end tags": lambda n: "<div>" * (100_000 * n) + "</b>" * (100_000 * n),
    "unclosed comment": lambda n: "<p>comments</p>" + "<!-- " * (1_000_000 * n) + "<p>x</p>",
    "unclosed attribute": lambda n: "<p>quotes</p>" + "<p class=\"a>b</p>" * (50_001 * n),
    "unclosed title": lambda n: "<title>never closed " * (50_000 * n),
    "plaintext": lambda n: "<plaintext>" * (50_000 * n),
    "NUL bytes": lambda n: "<p>" + "a\0b " * (500_000 * n) + "</p>",
    "long attribute": lambda n: "<p title=\"" + "v" * (5_000_000 * n) + "\">x</p>",
    "rows of a table": lambda n: "<table><tr><th>A<th>B</tr>" + "<tr><td>1<td>2</tr>" * (10_000 * n) + "</table>",
    "nested tables": lambda n: "<table><tr><td>" * (10_000 * n) + "x" + "</table>" * (10_000 * n),
    "tables side by side": lambda n: "<table><tr><td>a<td>b<tr><td>c<td>d</table>" * (10_000 * n),
    "list items": lambda n: "<ul>" + "<li>item" * (50_000 * n) + "</ul>",
    "headings": lambda n: "<h2>head</h2>" * (50_000 * n),
    "links": lambda n: "<p>" + "<a href=/x>link</a> " * (50_000 * n) + "</p>",
    "nested links": lambda n: "<a><p>" * (30_000 * n),
    "breaks": lambda n: "<p>" + "word<br>" * (100_000 * n) + "</p>",
    "references": lambda n: "<p>" + "&amp;&eacute;&x " * (100_000 * n) + "</p>",
    "open svg": lambda n: "<svg>" * (300_000 * n),
    "unknown elements": lambda n: "".join(f"<x{i}>" for i in range(50_000 * n)) + "y",
    "paragraphs": lambda n: "<p>Read more about the storm.</p>" * (20_000 * n),
}
XML = {
    "nested elements": lambda n: "<d>" * (100_000 * n) + "deep",
    "attributes of one tag": lambda n: "<d " + " ".join(f"a{i}='1'" for i in range(80_000 * n)) + ">many</d>",
    "long text": lambda n: "<d>" + "long text " * (1_100_000 * n // 2) + "</d>",
    "stray end tags": lambda n: "<d>" * (100_000 * n) + "</b>" * (100_000 * n),
    "unclosed attribute": lambda n: "<d a='x>b</d>" * (50_001 * n),
    "long attribute": lambda n: "<d a=\"" + "v" * (5_000_000 * n) + "\">x</d>",
    "bare marks": lambda n: "< & " * (200_000 * n),
    "elements": lambda n: "<d>e</d>" * (100_000 * n),
}


def page(kind, body):
    if kind == "html":
        return f"<html><body>{BEFORE}{body}{'</div>' * 3}{AFTER}</body></html>"
    entity = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    text = f"<t>{BEFORE}</t>{body}<u>{AFTER}</u>&b;&f;"
    return f"<?xml version='1.0'?>{entity}<r><item>{text}</item><item><t>{AFTER}</t></item></r>"


def run(pipe, config, path, out):
    process = subprocess.Popen([pipe, "run", config, "--input", path, "--output", out, "--workers", "1", "--quiet",
                                "--limit-document", "500MB"])
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{path}: exit status {os.waitstatus_to_exitcode(status)}")
    return (usage.ru_utime + usage.ru_stime) * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pipe")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--most", type=float, default=2.3)
    args = parser.parse_args()
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        configs = {}
        for kind, source in (("html", {}), ("xml", {"format": "xml", "record": "//item", "fields": {"html": "string(.)"}})):
            configs[kind] = os.path.join(folder, kind + ".json")
            stages = [{"use": "article", "content": "all"}, {"use": "boilerplate", "related": "keep"}, {"use": "sentences"}]
            pathlib.Path(configs[kind]).write_text(json.dumps({"input": source, "stages": stages}))
        out = os.path.join(folder, "out.jsonl")
        for kind, pages in (("html", HTML), ("xml", XML)):
            path = os.path.join(folder, "page." + kind)

            def best(body):
                pathlib.Path(path).write_text(page(kind, body), encoding="utf-8")
                return min(run(args.pipe, configs[kind], path, out) for _ in range(args.runs))

            floor = best("")
            for name, make in pages.items():
                one, two = (max(0.1, best(make(n)) - floor) for n in (1, 2))
                text = open(out, encoding="utf-8").readline()
                lost = [word for word in ("text before the odd", "text after the odd") if word not in text]
                judged = two >= 10 and two / one > args.most
                print(f"{kind:5} {name:28} {one:8.0f} ms {two:8.0f} ms  ratio {two / one:5.2f}"
                      + ("  TOO MUCH" if judged else "") + (f"  LOST: {lost}" if lost else ""), flush=True)
                if judged or lost:
                    failed.append(name)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
