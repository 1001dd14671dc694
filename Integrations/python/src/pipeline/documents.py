"""Documents as a stage sees and changes them."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .facts import Text, TextList
from .spans import Block, BlockKind, Entity, Sentence

# What `pipe` puts between the blocks that it is sent.
_BETWEEN_BLOCKS = "\n\n"

_parse = json.JSONDecoder().raw_decode


@dataclass(frozen=True)
class Drop:
    """Returned by a stage: the document leaves the run for this reason, which is one of the stage's `reasons`."""

    reason: str


class Document:
    """A document on its way through the stages.

    Made from a line of the output of `pipe`, as JSON or as the dictionary that it holds; the dictionary is never changed. A stage changes
    the document in place, and only what has become different is sent back. Offsets count code points of `text`, as Python does.
    """

    __slots__ = ("_blocks", "_line", "_new_blocks", "_new_text", "_removed", "_values")

    title = Text("title")
    language = Text("language")
    url = Text("url")
    canonical = Text("canonical")
    published = Text("published")
    modified = Text("modified")
    section = Text("section")
    site_name = Text("siteName")
    description = Text("description")
    image = Text("image")
    authors = TextList("authors")
    keywords = TextList("keywords")

    def __init__(self, line: Mapping[str, Any] | bytes | str) -> None:
        # Parsed when something is asked for: a stage that looks at few documents pays for few.
        self._line = line
        # What was asked for or assigned, by its name in JSON, as it is now.
        self._values: dict[str, Any] = {}
        self._blocks: tuple[Block, ...] | None = None
        self._new_text: str | None = None
        self._new_blocks: list[tuple[BlockKind, str]] | None = None
        self._removed: list[dict[str, Any]] = []

    def _sent(self) -> Mapping[str, Any]:
        line = self._line
        if isinstance(line, bytes):
            line = line.decode("utf-8")
        if isinstance(line, str):
            self._line = line = _parse(line)[0]
        return line

    @property
    def id(self) -> str:
        """The path for files, the record's own id or its place for records."""
        return str(self._sent().get("id", ""))

    @property
    def source(self) -> str | None:
        """The file that the document came from."""
        return self._sent().get("source")

    @property
    def content(self) -> bytes | None:
        """The raw page; None unless the stage needs `content`."""
        sent = self._sent()
        if "contentBase64" in sent:
            return base64.b64decode(sent["contentBase64"])
        return sent["content"].encode("utf-8") if "content" in sent else None

    @property
    def charset(self) -> str | None:
        """The encoding of `content` where the input knows it."""
        return self._sent().get("charset")

    @property
    def text(self) -> str:
        """The text. Assigning another one takes a stage that `rewrites` or provides `text`.

        With it go the blocks, sentences and entities of the old text: assign the text first, and what is marked in it afterwards.
        """
        if self._new_text is not None:
            return self._new_text
        text = self._sent().get("text")
        return "" if text is None else str(text)

    @text.setter
    def text(self, text: str) -> None:
        if text != self.text:
            self._replace_text(text, None, None)

    def set_blocks(self, blocks: Iterable[tuple[BlockKind, str]]) -> None:
        """Gives the document a new text in blocks, each a kind and its text, with the same rules as for assigning `text`.

        `text` and `blocks` are then what `pipe` makes of them: a blank line between blocks, and none that is empty.
        """
        new = list(blocks)
        placed: list[Block] = []
        start = 0
        for kind, content in new:
            if content:
                placed.append(Block(start, start + len(content), kind))
                start += len(content) + len(_BETWEEN_BLOCKS)
        text = _BETWEEN_BLOCKS.join(content for _, content in new if content)
        self._replace_text(text, new, tuple(placed))

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of the text; none after `text` was assigned, for they are found when the text is sent."""
        if self._blocks is None:
            sent = () if self._is_rewritten else self._sent().get("blocks", ())
            self._blocks = tuple(Block(block["start"], block["end"], block["kind"]) for block in sent)
        return self._blocks

    @property
    def sentences(self) -> list[Sentence]:
        """The sentences, in order; a list that may be changed in place or assigned anew. Empty unless the stage needs `sentences`."""
        if "sentences" not in self._values:
            self._values["sentences"] = self._sent_sentences()
        sentences: list[Sentence] = self._values["sentences"]
        return sentences

    @sentences.setter
    def sentences(self, sentences: Iterable[tuple[int, int]]) -> None:
        self._values["sentences"] = [Sentence(start, end) for start, end in sentences]

    @property
    def entities(self) -> list[Entity]:
        """The names found so far; a list that may be changed in place or assigned anew. Empty unless the stage needs `entities`."""
        if "entities" not in self._values:
            self._values["entities"] = self._sent_entities()
        entities: list[Entity] = self._values["entities"]
        return entities

    @entities.setter
    def entities(self, entities: Iterable[Entity]) -> None:
        self._values["entities"] = list(entities)

    @property
    def extra(self) -> dict[str, Any]:
        """What stages have added, by name: any JSON values. May be changed in place."""
        if "extra" not in self._values:
            self._values["extra"] = copy.deepcopy(self._sent().get("extra", {}))
        extra: dict[str, Any] = self._values["extra"]
        return extra

    @extra.setter
    def extra(self, extra: Mapping[str, Any]) -> None:
        self._values["extra"] = dict(extra)

    def text_of(self, span: Block | Sentence | Entity) -> str:
        """The text of a block, sentence or entity."""
        return self.text[span.start : span.end]

    @property
    def sentence_texts(self) -> list[str]:
        """The texts of the sentences."""
        text = self.text
        return [text[start:end] for start, end in self.sentences]

    def remove(self, span: Block | Sentence | Entity, reason: str, rule: str, *, kept: bool = False) -> None:
        """Takes a part out of the text, or with `kept` only marks it; `removed` in the output says so.

        The span is in the text as the stage got it, and covers whole blocks, the beginning of one or the end of one; the text and offsets
        of this document stay as they are. `reason` is one of the stage's `reasons`; `rule` says which of its rules it was.
        """
        removal: dict[str, Any] = {"start": span.start, "end": span.end, "reason": reason, "rule": rule}
        if kept:
            removal["kept"] = True
        self._removed.append(removal)

    def changes(self) -> dict[str, Any]:
        """What is different from the document as it was made, in the form in which it is sent to `pipe`. Empty for nothing.

        Raises `TypeError` or `ValueError` for a value in `extra` that JSON cannot hold.
        """
        changes: dict[str, Any] = {}
        for key, value in self._values.items():
            if key == "sentences":
                if value != self._sent_sentences():
                    changes[key] = [{"start": start, "end": end} for start, end in value]
            elif key == "entities":
                if value != self._sent_entities():
                    changes[key] = [{name: part for name, part in entity._asdict().items() if part is not None} for entity in value]
            elif key == "extra":
                self._add_extra(value, changes)
            elif value != self._sent().get(key) and (value or key in self._sent()):
                changes[key] = None if value == [] else value
        if self._new_blocks is not None:
            changes["blocks"] = [{"kind": kind, "text": text} for kind, text in self._new_blocks]
        elif self._is_rewritten:
            changes["text"] = self._new_text
        if self._removed:
            changes["removed"] = self._removed
        return changes

    def _add_extra(self, extra: dict[str, Any], changes: dict[str, Any]) -> None:
        sent = self._sent().get("extra", {})
        # Compared as JSON, because Python takes 1, 1.0 and True for equal.
        changed = {
            name: value for name, value in extra.items() if (_json(value) != _json(sent[name]) if name in sent else value is not None)
        }
        changed.update((name, None) for name in sent if name not in extra)
        if changed:
            changes["extra"] = changed

    @property
    def _is_rewritten(self) -> bool:
        return self._new_blocks is not None or (self._new_text is not None and self._new_text != self._sent().get("text"))

    def _replace_text(self, text: str, new: list[tuple[BlockKind, str]] | None, placed: tuple[Block, ...] | None) -> None:
        self._values.pop("sentences", None)
        self._values.pop("entities", None)
        self._new_text, self._new_blocks, self._blocks = text, new, placed

    def _sent_sentences(self) -> list[Sentence]:
        sent = () if self._is_rewritten else self._sent().get("sentences", ())
        return [Sentence(sentence["start"], sentence["end"]) for sentence in sent]

    def _sent_entities(self) -> list[Entity]:
        sent = () if self._is_rewritten else self._sent().get("entities", ())
        return [
            Entity(entity["start"], entity["end"], entity["label"], entity.get("id"), entity.get("score"), entity.get("source"))
            for entity in sent
        ]


def _json(value: Any) -> str:
    return json.dumps(value, allow_nan=False)
