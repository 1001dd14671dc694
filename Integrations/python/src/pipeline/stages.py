"""Functions and classes as stages of a pipeline."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Callable, Literal

from . import options as option_types
from .serving import serve, take_standard_streams

Part = Literal["content", "text", "title", "metadata", "language", "sentences", "entities"]

# What the shell gives for a program that SIGINT ended.
_INTERRUPTED = 130


class Stage:
    """A stage: made by `stage`, run by `main`. Calling it calls the function or class that it was made of, as in a test."""

    def __init__(self, target: Callable[..., Any], greeting: dict[str, Any], options: type | None, *, batch: bool) -> None:
        functools.update_wrapper(self, target)
        self.greeting = greeting
        """What the program says of itself first."""
        self.batch = batch
        """Whether it takes the documents of a batch at once."""
        self._target = target
        self._options = options
        self._check_parameters()

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Calls the function, or makes an object of the class."""
        return self._target(*arguments, **named)

    def load(self, given: Mapping[str, Any]) -> Callable[[Any], Any]:
        """What documents are given to, for the options that a configuration has.

        Lets through what the class or the options raise.
        """
        decoded = () if self._options is None else (option_types.decode(self._options, given),)
        if isinstance(self._target, type):
            loaded: Callable[[Any], Any] = self._target(*decoded)
            if not callable(loaded):
                raise TypeError(f"{self._target.__name__} has no __call__, which takes the documents")
            return loaded
        return lambda documents: self._target(documents, *decoded)

    def main(self) -> None:
        """Serves `pipe` on standard input and output until the input ends.

        From here on, what is printed goes to standard error.
        """
        source, target = take_standard_streams()
        try:
            serve(self, source, target)
        except BrokenPipeError:
            pass
        except KeyboardInterrupt:
            sys.exit(_INTERRUPTED)

    def _check_parameters(self) -> None:
        taken = ["options"] if self._options is not None else []
        if not isinstance(self._target, type):
            taken.insert(0, "documents" if self.batch else "document")
        try:
            inspect.signature(self._target).bind(*taken)
        except TypeError:
            raise TypeError(f"{self._target.__name__} cannot be called with ({', '.join(taken)}), as this stage will be") from None


def stage(
    name: str,
    *,
    summary: str,
    needs: Sequence[Part] = ("text",),
    provides: Sequence[Part] = (),
    rewrites: bool = False,
    reasons: Mapping[str, str] | None = None,
    options: type | None = None,
    batch: bool = False,
) -> Callable[[Callable[..., Any]], Stage]:
    """Turns a function of a document, or of a document and options, into a stage.

    The function changes the document in place and returns None, or returns `Drop`; what it raises rejects the document with the message.
    A class does as well: it is made once, before the first document, with the options if there are any, and then called with each document.

    - `needs` are the parts of a document that it looks at, `provides` those that it may change; `extra` needs neither.
    - `rewrites` says that it gives documents new texts, `reasons` what it drops documents and removes text for: a description by name.
    - `options` is a dataclass or a pydantic model.
    - With `batch`, it is called with a list of documents and returns None, or a list with None or `Drop` for each. When that raises, each
      document is tried in a list of its own, as it came in, so that only those are rejected that are to blame.
    """
    greeting: dict[str, Any] = {"pipeline": 1, "name": name, "summary": summary, "needs": list(needs)}
    if options is not None:
        greeting["options"] = option_types.schema(options)
    if provides:
        greeting["provides"] = list(provides)
    if rewrites:
        greeting["rewrites"] = True
    if reasons:
        greeting["reasons"] = dict(reasons)
    return lambda target: Stage(target, greeting, options, batch=batch)
