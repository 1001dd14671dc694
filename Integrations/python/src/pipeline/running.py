"""Documents through `pipe` and back."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Callable, Union

from .errors import ConfigurationError, PipelineError, Rejected
from .process import Process, Stream

Configuration = Union[str, "os.PathLike[str]", Mapping[str, Any]]
Line = dict[str, Any]

# Exit statuses of `pipe`.
_DONE, _TOO_MANY_REJECTS, _USAGE = 0, 1, 2

# What stands for the file of a configuration that is a dictionary, as `<string>` does in Python.
_DICTIONARY = "<dict>"

# Only the end of a long story is kept for an exception.
_KEPT_MESSAGES = 200

_LEVELS = {"error": logging.ERROR, "critical": logging.CRITICAL, "warning": logging.WARNING}
_log = logging.getLogger("pipeline")


def iter(
    configuration: Configuration,
    documents: Iterable[Mapping[str, Any]],
    *,
    pipe: str | None = None,
    arguments: Sequence[str] = (),
    on_reject: Callable[[Line], object] | None = None,
) -> Iterator[Line]:
    """What a pipeline makes of documents: the lines of the output as dictionaries, in the order of the documents.

    - `configuration` is the path of one or the dictionary that it holds. Paths in a dictionary are relative to the working directory, where
      a file is written for as long as the run takes. The input, output and rejects that it names are not used.
    - `documents` are dictionaries with `html` or `text`, and if there are any `id`, `url`, `language`, `title` and so on. They are taken in
      a thread, and not much faster than they are worked on. What they raise is raised here, after the documents before have come out.
    - `pipe` is the program; else that in the environment variable `PIPE`, else `pipe`. `arguments` are further ones of `pipe run`, such as
      `["--workers", "4"]`.
    - `on_reject` is called with the line of each document that was rejected or dropped. Without it `Rejected` is raised at the end if
      documents were rejected, whatever `maxRejects` says; dropped ones are what the configuration asked for.

    Memory stays flat. Closing the iterator ends the run and leaves nothing behind; only when `documents` itself is waiting for something,
    its thread ends with the next one. Messages of the run go to the logger `pipeline`.

    Raises `ConfigurationError`, `PipelineError`, `Rejected`, and `FileNotFoundError` when there is no such program.
    """
    program = pipe or os.environ.get("PIPE") or "pipe"
    if shutil.which(program) is None:
        raise FileNotFoundError(f'there is no program "{program}": name it with pipe=, or in the environment variable PIPE')
    rejected: list[Line] = []
    messages: deque[str] = deque(maxlen=_KEPT_MESSAGES)
    with _file_of(configuration) as path, tempfile.TemporaryDirectory(prefix="pipeline-") as folder:
        rejects = os.path.join(folder, "rejects")
        command = [program, "run", path, "--input", "-", "--format", "jsonl", "--output", "-", "--output-format", "jsonl"]
        command += ["--rejects", rejects, "--log-format", "json", "--quiet", *arguments]
        with Process(command, rejects, documents) as process, contextlib.closing(process.lines()) as lines:
            for stream, line in lines:
                if stream is Stream.OUTPUT:
                    yield json.loads(line)
                elif stream is Stream.MESSAGES:
                    messages.append(_heard(line))
                else:
                    reject = json.loads(line)
                    if on_reject is not None:
                        on_reject(reject)
                    elif reject["kind"] == "rejected":
                        rejected.append(reject)
            status = process.wait()
        if process.error is not None:
            raise process.error
        stderr = "\n".join(messages)
        if isinstance(configuration, Mapping):
            stderr = stderr.replace(path, _DICTIONARY)
        if status == _USAGE:
            raise ConfigurationError(status, stderr)
        if status not in (_DONE, _TOO_MANY_REJECTS):
            raise PipelineError(f"{program} ended with status {status}: {stderr}", status, stderr)
        if rejected:
            raise Rejected(rejected, status, stderr)


def run(
    configuration: Configuration,
    documents: Iterable[Mapping[str, Any]],
    *,
    pipe: str | None = None,
    arguments: Sequence[str] = (),
    on_reject: Callable[[Line], object] | None = None,
) -> list[Line]:
    """The same as `iter`, all at once: a list."""
    return [*iter(configuration, documents, pipe=pipe, arguments=arguments, on_reject=on_reject)]


@contextlib.contextmanager
def _file_of(configuration: Configuration) -> Iterator[str]:
    if not isinstance(configuration, Mapping):
        yield os.fspath(configuration)
        return
    with tempfile.NamedTemporaryFile("w", dir=os.getcwd(), prefix=".pipeline-", suffix=".json", encoding="utf-8") as file:
        # Without a name of its own it would have that of the file.
        json.dump({"name": "pipeline", **configuration}, file)
        file.flush()
        yield file.name


def _heard(line: bytes) -> str:
    """The message of a line on standard error, which goes to the log if it is of the run's."""
    text = line.decode("utf-8", "replace")
    try:
        entry = json.loads(text)
        message, level = str(entry["message"]), entry["level"]
    except (ValueError, TypeError, KeyError):
        # Mistakes in a configuration, and what the programs of stages say at their start, come before there is a log.
        _log.info("%s", text)
        return text
    # The sum says what the output and rejects have said.
    if "summary" not in entry:
        _log.log(_LEVELS.get(level, logging.INFO), "%s", message)
    return message
