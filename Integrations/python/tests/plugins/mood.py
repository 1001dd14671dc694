"""A stage for the tests: counts sad words, and does whatever a text tells it to."""

import os
from dataclasses import dataclass, field
from typing import Literal

from pipeline import Document, Drop, Entity, OptionError, stage

WORDS = {"sad", "rain", "gloom"}


@dataclass
class Options:
    least: float = field(default=0.2, metadata={"description": "Sadder documents are dropped.", "minimum": 0, "maximum": 1})
    label: Literal["WORD", "MOOD"] = "WORD"
    model: str = "small"

    def __post_init__(self) -> None:
        if self.model not in ("small", "large"):
            raise OptionError("model", f'there is no model "{self.model}"')


@stage(
    "mood",
    summary="Rates the mood of a text.",
    needs=("text", "sentences"),
    provides=("title", "metadata", "entities"),
    reasons={"gloomy": 'the mood is below "least"'},
    options=Options,
)
class Mood:
    def __init__(self, options: Options) -> None:
        self.options = options

    def __call__(self, document: Document):
        print("a message that is no answer")
        text = document.text
        if "fail" in text:
            raise ValueError("no such language")
        if "crash" in text:
            os._exit(3)
        if "read" in text:
            document.extra["read"] = os.read(0, 10).decode()
            os.system("echo said by another program")
        words = text.lower().replace(".", " ").split()
        mood = 1 - sum(word in WORDS for word in words) / max(1, len(words))
        if mood < self.options.least:
            return Drop("gloomy")
        document.extra["mood"] = round(mood, 3)
        document.extra["sentences"] = document.sentence_texts
        for word in WORDS:
            if word in text:
                start = text.index(word)
                document.entities.append(Entity(start, start + len(word), self.options.label, score=1.0))
        if "retitle" in text:
            document.title = "A new title"
            document.authors = ["Ada Bell"]
        return None


if __name__ == "__main__":
    Mood.main()
