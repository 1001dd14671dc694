"""Parts of a text. Offsets count code points, as Python does."""

from __future__ import annotations

from typing import Literal, NamedTuple

BlockKind = Literal["paragraph", "heading", "listItem", "quotation", "caption", "tableRow", "preformatted"]


class Block(NamedTuple):
    """A block of the text: `text[start:end]`."""

    start: int
    end: int
    kind: BlockKind = "paragraph"


class Sentence(NamedTuple):
    """A sentence of the text: `text[start:end]`."""

    start: int
    end: int


class Entity(NamedTuple):
    """A name in the text: `text[start:end]`.

    `id` says what it names, such as `Q7259`; `score` is from 0 to 1; `source` says what found it, and is the stage's name unless given.
    """

    start: int
    end: int
    label: str
    id: str | None = None
    score: float | None = None
    source: str | None = None
