#!/usr/bin/env python3
"""The profile of a million pages of a thousand sites: how large it is, how fast it is learned and loaded.

  profile.py PIPE [--pages 1000000] [--sites 1000]

Each page has twenty lines of its own and ten of its site's, made here.
"""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time


def write_pages(out, pages, sites):
    generator = random.Random(3)
    words = ["".join(generator.choice("bcdfghjklmnprstvwz") + generator.choice("aeiou") for _ in range(3)) for _ in range(3000)]
    site_lines = [[" ".join(generator.choices(words, k=8)) for _ in range(10)] for _ in range(sites)]
    pool = [" ".join(generator.choices(words, k=8)) for _ in range(5000)]
    for number in range(pages):
        site = number % sites
        own = [f"{generator.choice(pool)} {number} {at}" for at in range(20)]
        text = "\n\n".join(own + site_lines[site])
        out.write(json.dumps({"id": str(number), "url": f"https://www.site{site}.example/news/{number}/some-words-of-the-title", "text": text}) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pipe")
    parser.add_argument("--pages", type=int, default=1_000_000)
    parser.add_argument("--sites", type=int, default=1_000)
    args = parser.parse_args()
    pipe = os.path.abspath(args.pipe)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        with open("p.json", "w") as file:
            json.dump({"stages": [{"use": "boilerplate"}], "input": {"format": "jsonl"}}, file)
        start = time.time()
        process = subprocess.Popen([pipe, "learn", "p.json", "-i", "-", "--profile", "site.sqlite"], stdin=subprocess.PIPE, text=True)
        write_pages(process.stdin, args.pages, args.sites)
        process.stdin.close()
        _, status, usage = os.wait4(process.pid, 0)
        assert status == 0, status
        print(f"{args.pages} pages of {args.sites} sites: learned in {time.time() - start:.0f} s with their making, the parent's peak"
              f" {usage.ru_maxrss / 1000:.0f} MB; the profile has {os.path.getsize('site.sqlite') / 1e6:.0f} MB")
        text = '{"id": "1", "url": "https://site7.example/x", "text": "A line."}\n'
        for options in ({}, {"profile": "site.sqlite"}):
            with open("q.json", "w") as file:
                json.dump({"stages": [{"use": "boilerplate", **options}], "input": {"format": "jsonl"}, "run": {"isolation": "none"}}, file)
            times = []
            for _ in range(5):
                start = time.time()
                subprocess.run([pipe, "run", "q.json", "-i", "-", "-o", "-", "-q"], input=text, text=True, check=True, stdout=subprocess.DEVNULL)
                times.append(time.time() - start)
            print(f"one page {'with' if options else 'without'} the profile: {min(times) * 1000:.0f} ms")


if __name__ == "__main__":
    sys.exit(main())
