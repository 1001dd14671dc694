#!/usr/bin/env python3
"""Compares feeds with what feedparser (PyPI) reads in them: titles, links and dates of every entry.

  feeds.py PIPE FEED [FEED ...]

Exit status 1 when something differs. feedparser gives titles with their markup; it is taken out of those that it calls HTML.
"""
import calendar
import datetime
import html
import json
import pathlib
import re
import subprocess
import sys

import feedparser

CONFIG = pathlib.Path(__file__).resolve().parent.parent / "pipelines" / "feed.json"


def plain(title, kind):
    if kind == "text/html" or re.search(r"</?\w[^<>]*>", title):
        title = html.unescape(re.sub(r"</?\w[^<>]*>", "", title))
    return " ".join(title.split())


def seconds(text):
    if not text:
        return None
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return int((moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc)).timestamp())


def main():
    pipe, feeds = sys.argv[1], sys.argv[2:]
    differences = entries = 0
    for feed in feeds:
        ours = [json.loads(line) for line in subprocess.run(
            [pipe, "run", CONFIG, "--input", feed, "--output", "-", "--quiet"], capture_output=True, text=True, check=True).stdout.splitlines()]
        theirs = feedparser.parse(pathlib.Path(feed).read_bytes()).entries
        if len(ours) != len(theirs):
            print(f"{feed}: {len(ours)} entries, feedparser reads {len(theirs)}")
            differences += 1
        for our, their in zip(ours, theirs):
            entries += 1
            moment = their.get("published_parsed") or their.get("updated_parsed")
            pairs = [("title", our.get("title", ""), plain(their.get("title", ""), their.get("title_detail", {}).get("type"))),
                     ("link", our.get("url", ""), their.get("link", "")),
                     ("date", seconds(our.get("published")), calendar.timegm(moment) if moment else None)]
            for name, one, other in pairs:
                if one != other:
                    differences += 1
                    print(f"{feed}: {name}: {one!r}, feedparser reads {other!r}")
    print(f"{entries} entries of {len(feeds)} feeds, {differences} differences")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
