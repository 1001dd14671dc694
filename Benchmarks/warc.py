#!/usr/bin/env python3
"""Compares what `pipe` reads in web archives with what warcio and fastwarc (both PyPI) read there, and how fast.

  python3 Benchmarks/warc.py BINARY [ARCHIVE ...] [--megabytes N]

BINARY is the `pipe` command. Archives are written by both libraries, plain, compressed by record and compressed as a whole, with bodies in
chunks, in gzip, in both, and with records that are no pages; archives given as arguments, such as those of CC-NEWS, are compared as well.
For every page its id, its address and, for the pages written here, words that only it has are compared. The speed is that of the reader, by
a pipeline without stages, in megabytes of the compressed archive a second; 0 megabytes leaves it out. Exit status 1 when anything differs.
"""
import argparse
import gzip
import io
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time
import zlib

import fastwarc.warc
import warcio
import warcio.statusandheaders
import warcio.warcwriter

ENCODINGS = ["plain", "chunked", "gzip", "deflate", "bare", "gzip+chunked", "says-chunked", "says-gzip"]
NO_TEXT = re.compile(r"image/|video/|audio/|font/|json|pdf|javascript|css|octet-stream|csv|zip")


def chunked(body):
    size = 1000
    parts = [body[at:at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;x=y\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\nTrailer: x\r\n\r\n"


def encoded(body, encoding):
    """The body as a server sends it, and the header fields that say so."""
    headers = []
    if "gzip" in encoding:
        headers.append(("Content-Encoding", "gzip"))
        body = body if encoding.startswith("says") else gzip.compress(body)
    if encoding in ("deflate", "bare"):
        headers.append(("Content-Encoding", "deflate"))
        maker = zlib.compressobj(6, zlib.DEFLATED, 15 if encoding == "deflate" else -15)
        body = maker.compress(body) + maker.flush()
    if "chunked" in encoding:
        headers.append(("Transfer-Encoding", "chunked"))
        body = body if encoding.startswith("says") else chunked(body)
    return headers, body


def page(rng, number, paragraphs):
    """A page, and a word that no other has."""
    marker = f"marker{number}x{rng.randrange(10 ** 9)}"
    words = ["the", "house", "river", "council", "said", "on", "Monday", "that", "prices", "rose", "again", "in", "spring", "é", "–"]
    body = "".join(f"<p>{' '.join(rng.choice(words) for _ in range(80))} {rng.randrange(10 ** 12)}.</p>\n" for _ in range(paragraphs))
    return f"<!DOCTYPE html><html><head><title>{number}</title></head><body><p>{marker} {body}</body></html>".encode(), marker


def written_by_warcio(rng, count, paragraphs, compress):
    out, markers = io.BytesIO(), {}
    writer = warcio.warcwriter.WARCWriter(out, gzip=compress)
    writer.write_record(writer.create_warcinfo_record("test.warc", {"software": "warc.py"}))
    for number in range(count):
        html, marker = page(rng, number, paragraphs)
        headers, body = encoded(html, ENCODINGS[number % len(ENCODINGS)])
        url = f"https://example.org/{number}?q=a&b=c#d"
        http = warcio.statusandheaders.StatusAndHeaders(
            "200 OK", [("Content-Type", "text/html; charset=utf-8")] + headers, protocol="HTTP/1.1")
        response = writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=http)
        request = warcio.statusandheaders.StatusAndHeaders("GET / HTTP/1.1", [("Host", "example.org")], is_http_request=True)
        writer.write_request_response_pair(writer.create_warc_record(url, "request", http_headers=request), response)
        markers[response.rec_headers.get_header("WARC-Record-ID").strip("<>")] = marker
        if number % 5 == 0:
            writer.write_record(writer.create_revisit_record(url, "sha1:" + "A" * 32, url, "2026-01-01T00:00:00Z", http_headers=http))
            picture = warcio.statusandheaders.StatusAndHeaders("200 OK", [("Content-Type", "image/png")], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url + ".png", "response", payload=io.BytesIO(rng.randbytes(5000)), http_headers=picture))
            missing = warcio.statusandheaders.StatusAndHeaders("404 Not Found", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(b"<p>no"), http_headers=missing))
    return out.getvalue(), markers


def written_by_fastwarc(rng, count, paragraphs, compress):
    out, markers = io.BytesIO(), {}
    for number in range(count):
        html, marker = page(rng, number, paragraphs)
        headers, body = encoded(html, ENCODINGS[number % len(ENCODINGS)])
        lines = ["HTTP/1.1 200 OK", "Content-Type: text/html; charset=utf-8"] + [f"{name}: {value}" for name, value in headers]
        record = fastwarc.warc.WarcRecord()
        record.init_headers(record_type=fastwarc.warc.WarcRecordType.response)
        record.headers["WARC-Target-URI"] = f"https://example.org/{number}"
        record.headers["Content-Type"] = "application/http; msgtype=response"
        record.set_bytes_content("\r\n".join(lines + ["", ""]).encode() + body)
        piece = io.BytesIO()
        record.write(piece)
        out.write(gzip.compress(piece.getvalue(), 6) if compress else piece.getvalue())
        markers[record.record_id.strip("<>")] = marker
    return out.getvalue(), markers


def is_page(kind, status, content_type):
    return kind == "response" and status is not None and 200 <= status < 300 and not NO_TEXT.search((content_type or "").lower())


def read_by_warcio(path):
    found = []
    with open(path, "rb") as file:
        for record in warcio.ArchiveIterator(file):
            http, headers = record.http_headers, record.rec_headers
            status = http.get_statuscode() if http else ""
            if is_page(record.rec_type, int(status) if status.isdigit() else None, http.get_header("Content-Type") if http else None):
                found.append((headers.get_header("WARC-Record-ID").strip("<>"), headers.get_header("WARC-Target-URI")))
    return found


def read_by_fastwarc(path):
    found = []
    with open(path, "rb") as file:
        for record in fastwarc.warc.ArchiveIterator(file, parse_http=True):
            http = record.http_headers
            if is_page(record.headers.get("WARC-Type"), http.status_code if http else None, http.get("Content-Type") if http else None):
                found.append((record.record_id.strip("<>"), record.headers.get("WARC-Target-URI")))
    return found


def run(binary, folder, path, stages):
    config = folder / "pipeline.json"
    config.write_text(json.dumps({"stages": stages}))
    rejects = folder / "rejects.jsonl"
    rejects.unlink(missing_ok=True)
    command = [binary, "run", config, "--input", path, "--output", "-", "--rejects", rejects, "--quiet"]
    output = subprocess.run(command, capture_output=True, text=True).stdout
    # There is no file of rejects where there are none.
    return [[json.loads(line) for line in text.splitlines()] for text in (output, rejects.read_text() if rejects.exists() else "")]


def compare(binary, folder, path, markers, same):
    ours, rejects = run(binary, folder, path, [{"use": "article"}])
    differences = []
    read = [(page["id"], page.get("url")) for page in ours]
    rejected = {reject["id"] for reject in rejects}
    for name, theirs in [("warcio", read_by_warcio(same)), ("fastwarc", read_by_fastwarc(same))]:
        # What pipe rejects it has read, and says why it is no page.
        theirs = [page for page in theirs if page[0] not in rejected]
        known, others = set(theirs), set(read)
        differences += [f"{name} reads {page}" for page in theirs if page not in others]
        differences += [f"{name} does not read {page}" for page in read if page not in known]
        if not differences and theirs != read:
            differences.append(f"{name} reads them in another order, or some twice")
    if markers is not None:
        texts = {page["id"]: page["text"] for page in ours}
        differences += [f"{id} lacks {marker}" for id, marker in markers.items() if marker not in texts.get(id, "")]
        differences += [f"{reject['id']} is rejected: {reject['reason']}" for reject in rejects]
    print(f"{path.name}: {len(read)} pages, {len(rejects)} rejected, {len(differences)} differences")
    for difference in differences[:10]:
        print("  " + difference)
    return len(differences)


def measure(binary, folder, path):
    size = path.stat().st_size / 1e6

    def rate(name, work):
        start = time.perf_counter()
        count = work()
        seconds = time.perf_counter() - start
        print(f"  {name}: {size / seconds:.0f} MB/s, {count} pages in {seconds:.2f} s")

    def pipe():
        # Without a stage that makes text of it every page is read, and rejected.
        config = folder / "speed.json"
        summary = folder / "summary.json"
        config.write_text(json.dumps({"stages": []}))
        subprocess.run([binary, "run", config, "--input", path, "--output", "/dev/null", "--rejects", "/dev/null", "--summary", summary, "--quiet",
                        "--workers", "1"], capture_output=True)
        return json.loads(summary.read_text())["in"]

    def fast(read):
        def work():
            count = 0
            with open(path, "rb") as file:
                for record in fastwarc.warc.ArchiveIterator(file, parse_http=True, record_types=fastwarc.warc.WarcRecordType.response):
                    count += 1
                    if read:
                        record.reader.read()
            return count
        return work

    print(f"{path.name}, {size:.0f} MB:")
    rate("pipe", pipe)
    rate("fastwarc", fast(True))
    rate("fastwarc, bodies skipped", fast(False))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("archives", nargs="*", type=pathlib.Path)
    parser.add_argument("--megabytes", type=int, default=100, help="how much is measured")
    arguments = parser.parse_args()
    rng = random.Random(1)
    differences = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for writer in (written_by_warcio, written_by_fastwarc):
            for end, compress, whole in [(".warc", False, False), (".warc.gz", True, False), (".whole.warc.gz", False, True)]:
                content, markers = writer(rng, 400, 8, compress)
                path = folder / (writer.__name__ + end)
                path.write_bytes(gzip.compress(content) if whole else content)
                # warcio refuses an archive that is one member.
                same = folder / "same.warc"
                same.write_bytes(content)
                differences += compare(arguments.binary, folder, path, markers, same)
        for path in arguments.archives:
            differences += compare(arguments.binary, folder, path, None, path)
        measured = list(arguments.archives)
        if arguments.megabytes:
            content, _ = written_by_warcio(rng, 300, 100, True)
            path = folder / "speed.warc.gz"
            path.write_bytes(content * max(1, arguments.megabytes * 1_000_000 // len(content)))
            measured.append(path)
        for path in measured:
            measure(arguments.binary, folder, path)
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
