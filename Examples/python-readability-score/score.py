"""A stage that says how easy a text is to read: Flesch's reading ease, from 100 for very easy to 0 and below for very hard."""

import re
from dataclasses import dataclass, field
from typing import Optional

from pipeline import Document, Drop, stage

WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
VOWELS = re.compile(r"[aeiouy]+")


@dataclass
class Options:
    least: Optional[float] = field(default=None, metadata={"description": "Documents that are harder to read than this are dropped."})


def syllables(word: str) -> int:
    """Groups of vowels, but for an "e" at the end that nobody says; a good guess for English."""
    word = word.lower()
    silent = word.endswith("e") and not word.endswith("le")
    return max(1, len(VOWELS.findall(word)) - silent)


@stage(
    "readability-score",
    summary="Rates how easy an English text is to read.",
    needs=("text", "sentences"),
    reasons={"hard": 'the score is below "least"'},
    options=Options,
)
def score(document: Document, options: Options) -> Optional[Drop]:
    sentences = [words for text in document.sentence_texts if (words := WORD.findall(text))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return None
    ease = 206.835 - 1.015 * len(words) / len(sentences) - 84.6 * sum(map(syllables, words)) / len(words)
    document.extra["readability"] = round(ease, 1)
    return Drop("hard") if options.least is not None and ease < options.least else None


if __name__ == "__main__":
    score.main()
