"""What goes wrong when `pipe` is run."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

# FILE:LINE:COLUMN: POINTER: MESSAGE
_PLACED = re.compile(r"(?P<file>.+?):(?P<line>[0-9]+):(?P<column>[0-9]+): (?P<pointer>/.*?): (?P<message>.*)")


class Problem(NamedTuple):
    """A mistake in a configuration. Lines and columns count from 1; `pointer` is a JSON Pointer, `/` for the whole file."""

    file: str
    line: int
    column: int
    pointer: str
    message: str


class PipelineError(Exception):
    """The run came to no good end. `status` is the exit status of `pipe`, negative for a signal, and `stderr` what it said."""

    def __init__(self, message: str, status: int, stderr: str) -> None:
        super().__init__(message)
        self.status = status
        self.stderr = stderr


class ConfigurationError(PipelineError):
    """The configuration or the arguments are wrong; nothing was read.

    `errors` has every mistake that has a place in the configuration; `stderr` says what else there is.
    """

    def __init__(self, status: int, stderr: str) -> None:
        super().__init__(stderr, status, stderr)
        self.errors = [
            Problem(match["file"], int(match["line"]), int(match["column"]), match["pointer"], match["message"])
            for match in map(_PLACED.fullmatch, stderr.splitlines())
            if match
        ]


class Rejected(PipelineError):
    """Some documents were rejected; all others have come out. `rejects` has a dictionary for each: `id`, `stage`, `reason` and so on."""

    def __init__(self, rejects: list[dict[str, Any]], status: int, stderr: str) -> None:
        first = rejects[0]
        others = f", and {len(rejects) - 1} more" if len(rejects) > 1 else ""
        super().__init__(f"rejected {first['id']}: {first['stage']}: {first['reason']}{others}", status, stderr)
        self.rejects = rejects
