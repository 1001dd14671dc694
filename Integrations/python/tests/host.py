"""The side of `pipe` in the protocol of programs, as small as it can be."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import threading
from typing import Any

FOLDER = pathlib.Path(__file__).parent


class Host:
    """A program at work. `say` and `hear` are a line each."""

    def __init__(self, program: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(FOLDER / "plugins" / program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(FOLDER.parent / "src")},
        )
        assert self.process.stdin and self.process.stdout
        self.input, self.output = self.process.stdin, self.process.stdout
        # A program that hangs must not hang the tests.
        self.watchdog = threading.Timer(30, self.process.kill)
        self.watchdog.start()

    def __enter__(self) -> Host:
        return self

    def __exit__(self, *_: object) -> None:
        self.watchdog.cancel()
        self.process.kill()
        self.process.communicate()

    def say(self, *lines: dict[str, Any]) -> None:
        self.input.write(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
        self.input.flush()

    def hear(self) -> dict[str, Any]:
        line = self.output.readline()
        assert line.endswith(b"\n"), "the program has ended"
        return json.loads(line.decode("utf-8"))

    def start(self, **options: Any) -> dict[str, Any]:
        """The greeting, after which the program is ready."""
        greeting = self.hear()
        self.say({"start": 1, "options": options})
        assert self.hear() == {"ready": True}
        return greeting

    def ask(self, *texts: str, first: int = 1) -> list[dict[str, Any]]:
        """Sends a batch; the answers."""
        self.say(*({"document": first + i, "more": len(texts) - 1 - i, "id": str(i), "text": text} for i, text in enumerate(texts)))
        return [self.hear() for _ in texts]

    def end(self) -> tuple[int, str]:
        """Ends the input: the exit status, and what was said on standard error."""
        rest, errors = self.process.communicate(timeout=10)
        assert rest == b""
        return self.process.returncode, errors.decode()
