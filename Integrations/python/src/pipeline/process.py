"""The process `pipe`: fed by a thread, read without one stream waiting for another."""

from __future__ import annotations

import contextlib
import enum
import json
import os
import selectors
import subprocess
import threading
from collections.abc import Generator, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any

from .lines import LineSplitter

_CHUNK = 1 << 16
# How long a run that is no longer wanted may take for its end, in seconds.
_FAREWELL = 5.0
# How long to wait for the thread: it is either about to end, or waits for a document that may never come.
_THREAD_FAREWELL = 1.0


class Stream(enum.Enum):
    """Where a line stood."""

    OUTPUT = "standard output"
    MESSAGES = "standard error"
    REJECTS = "rejects"


class Process:
    """A run of `pipe` that reads documents from standard input. Ended, with everything that belongs to it, when its context is left."""

    error: BaseException | None
    """What the documents raised; known when all lines were read, for it is set before the input of `pipe` ends."""

    def __init__(self, command: Sequence[str], rejects: str, documents: Iterable[Mapping[str, Any]]) -> None:
        """Starts it. `rejects` is the path in the command where rejects go; nothing is there yet."""
        self.error = None
        self._documents = documents
        self._is_wanted = True
        # A pipe with a name tells of rejects as they come, and holds the run up when nobody listens.
        os.mkfifo(rejects)
        # Open for writing too: it is there before the first reject, and does not end with the last.
        self._rejects = os.open(rejects, os.O_RDWR | os.O_NONBLOCK)
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except BaseException:
            os.close(self._rejects)
            raise
        # A daemon: an interpreter that ends does not wait for documents that never come.
        self._thread = threading.Thread(target=self._feed, name="pipeline documents", daemon=True)
        self._thread.start()

    def __enter__(self) -> Process:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._is_wanted = False
        assert self._process.stdout and self._process.stderr
        self._process.stdout.close()
        self._process.stderr.close()
        os.close(self._rejects)
        self._process.terminate()
        try:
            self._process.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._thread.join(_THREAD_FAREWELL)

    def lines(self) -> Generator[tuple[Stream, bytes], None, None]:
        """All lines, without their newlines, as they come; those of one stream in order."""
        assert self._process.stdout and self._process.stderr
        with selectors.DefaultSelector() as selector:
            for stream, descriptor in (
                (Stream.OUTPUT, self._process.stdout.fileno()),
                (Stream.MESSAGES, self._process.stderr.fileno()),
                (Stream.REJECTS, self._rejects),
            ):
                selector.register(descriptor, selectors.EVENT_READ, (stream, LineSplitter()))
            open_streams = 2
            while open_streams:
                for key, _ in selector.select():
                    stream, splitter = key.data
                    chunk = os.read(key.fd, _CHUNK)
                    if not chunk:
                        selector.unregister(key.fd)
                        open_streams -= 1
                    for line in splitter.feed(chunk):
                        yield stream, line
            # The rejects never end, but whoever wrote them has.
            _, splitter = selector.get_key(self._rejects).data
            with contextlib.suppress(BlockingIOError):
                while True:
                    for line in splitter.feed(os.read(self._rejects, _CHUNK)):
                        yield Stream.REJECTS, line

    def wait(self) -> int:
        """The exit status, once all lines were read."""
        return self._process.wait()

    def _feed(self) -> None:
        stdin = self._process.stdin
        assert stdin
        try:
            for document in self._documents:
                # ASCII, because half a surrogate pair has no UTF-8.
                line = json.dumps(dict(document), allow_nan=False).encode("ascii") + b"\n"
                if not self._is_wanted or not _write(stdin, line):
                    break
        except BaseException as error:
            self.error = error
        with contextlib.suppress(BrokenPipeError):
            stdin.close()


def _write(stdin: Any, line: bytes) -> bool:
    """Whether there was somebody to read it."""
    try:
        stdin.write(line)
        # At once: the next document may be long in coming.
        stdin.flush()
    except BrokenPipeError:
        return False
    return True
