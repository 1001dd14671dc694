"""The protocol between `pipe` and a stage, seen from the stage."""

from __future__ import annotations

import json
import os
import re
import sys
import time
import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Callable

from .documents import Document, Drop
from .lines import LineSplitter
from .options import OptionError

if TYPE_CHECKING:
    from .stages import Stage

# What a pipe holds on Linux: more is not there to be read at once.
_CHUNK = 1 << 16
# Answers wait for others for so many seconds at most: whoever waits for the first shall not wait for the last.
_LONGEST_WAIT = 0.01

# A line begins like this as `pipe` writes it. One that does not is parsed for these two numbers.
_NUMBERS = re.compile(rb'\{ *"document" *: *([0-9]+) *, *"more" *: *([0-9]+) *[,}]')


def take_standard_streams() -> tuple[int, int]:
    """Descriptors of the standard input and output that nobody else has from now on.

    What is printed, by Python, by a library in C or by a program that is started, goes to standard error, and nobody reads documents away.
    """
    source, target = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    # What was printed before is still in the buffer of the old one.
    sys.stdout.flush()
    sys.stdout = sys.stderr
    return source, target


def serve(stage: Stage, source: int, target: int) -> None:
    """Greets, starts, and answers documents until the input ends.

    Never waits for input while there are answers that were not written. Raises `BrokenPipeError` when nobody reads the answers.
    """
    _write(target, _line(stage.greeting))
    groups = _groups_of_lines(source)
    first = next(groups, None)
    if first is None:
        return
    try:
        run = stage.load(json.loads(first.pop(0)).get("options", {}))
    except OptionError as error:
        _write(target, _line(_option_error(error)))
        return
    except Exception as error:
        traceback.print_exc()
        _write(target, _line({"error": _message(error)}))
        return
    _write(target, b'{"ready": true}\n')
    desk = _BatchDesk(run, target) if stage.batch else _Desk(run, target)
    desk.take(first)
    for lines in groups:
        desk.take(lines)


class _Desk:
    """Answers documents one by one."""

    def __init__(self, run: Callable[[Any], Any], target: int) -> None:
        self._run = run
        self._target = target
        self._answers: list[bytes] = []
        self._written = time.monotonic()

    def take(self, lines: list[bytes]) -> None:
        """Answers documents that came in together, and leaves no answer unwritten."""
        for line in lines:
            number, more = _numbers(line)
            document = Document(line)
            try:
                answer = _answer(number, document, self._run(document))
            except Exception as error:
                answer = _rejection(number, error)
            self._answers.append(answer)
            if not more or time.monotonic() - self._written > _LONGEST_WAIT:
                self._flush()
        self._flush()

    def _flush(self) -> None:
        if self._answers:
            _write(self._target, b"".join(self._answers))
            self._answers.clear()
        self._written = time.monotonic()


class _BatchDesk:
    """Answers the documents of a batch at once."""

    def __init__(self, run: Callable[[Any], Any], target: int) -> None:
        self._run = run
        self._target = target
        self._batch: list[tuple[int, bytes]] = []

    def take(self, lines: list[bytes]) -> None:
        """Answers the batches that end in these lines."""
        for line in lines:
            number, more = _numbers(line)
            self._batch.append((number, line))
            if not more:
                _write(self._target, b"".join(self._answer(self._batch)))
                self._batch = []

    def _answer(self, batch: list[tuple[int, bytes]]) -> list[bytes]:
        documents = [Document(line) for _, line in batch]
        try:
            result = self._run(documents[:])
            verdicts = [None] * len(batch) if result is None else list(result)
            if len(verdicts) != len(batch):
                raise TypeError(f"a stage returns None or a verdict for each document, not {len(verdicts)} for {len(batch)}")
            return [_answer(number, document, verdict) for (number, _), document, verdict in zip(batch, documents, verdicts)]
        except Exception as error:
            if len(batch) == 1:
                return [_rejection(batch[0][0], error)]
            print(f"{len(batch)} documents at once: {_message(error)}; trying them one by one", file=sys.stderr)
            return [answer for one in batch for answer in self._answer([one])]


def _answer(number: int, document: Document, verdict: object) -> bytes:
    if isinstance(verdict, Drop):
        return _line({"document": number, "drop": verdict.reason})
    if verdict is not None:
        raise TypeError(f'a stage returns None or Drop("reason"), not {type(verdict).__name__}')
    changes = document.changes()
    return _line({"document": number, **changes}) if changes else b'{"document": %d}\n' % number


def _rejection(number: int, error: Exception) -> bytes:
    traceback.print_exc()
    return _line({"document": number, "error": _message(error)})


def _option_error(error: OptionError) -> dict[str, Any]:
    answer: dict[str, Any] = {"error": _message(error)}
    if error.option is not None:
        answer["option"] = error.option
        if error.path:
            answer["path"] = error.path
    return answer


def _message(error: Exception) -> str:
    # The message of a KeyError is the key and nothing else.
    kind = type(error).__name__
    return f"{kind}: {error}" if isinstance(error, KeyError) else str(error) or kind


def _numbers(line: bytes) -> tuple[int, int]:
    match = _NUMBERS.match(line)
    if match:
        return int(match[1]), int(match[2])
    head = json.loads(line)
    return head["document"], head.get("more", 0)


def _line(value: dict[str, Any]) -> bytes:
    # As ASCII: half a surrogate pair, which a Python string may hold, has no UTF-8.
    return json.dumps(value, allow_nan=False).encode("ascii") + b"\n"


def _groups_of_lines(source: int) -> Iterator[list[bytes]]:
    """Lines as they come, in groups of those that are there at once. What ends without a newline is no line."""
    splitter = LineSplitter()
    while True:
        chunk = os.read(source, _CHUNK)
        if not chunk:
            return
        lines = splitter.feed(chunk)
        if lines:
            yield lines


def _write(target: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(target, view) :]
