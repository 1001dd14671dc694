"""A stage that tags names with spaCy."""

from __future__ import annotations

from dataclasses import dataclass, field

import spacy

from pipeline import Document, Entity, OptionError, stage

# Of spaCy's labels, those that this pipeline has names for; a state or a town is a place like a river.
LABELS = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC"}


@dataclass
class Options:
    model: str = field(default="en_core_web_sm", metadata={"description": "The name of an installed model, or the path of one."})


@stage(
    "spacy-entities",
    summary="Tags names of people, organisations and places with spaCy.",
    provides=("entities",),
    options=Options,
    batch=True,
)
class Names:
    def __init__(self, options: Options) -> None:
        try:
            # Names need no grammar: without it a text takes two thirds of the time.
            self.nlp = spacy.load(options.model, exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
        except OSError as error:
            raise OptionError("model", f'there is no model "{options.model}"') from error

    def __call__(self, documents: list[Document]) -> None:
        texts = (document.text for document in documents)
        for document, parsed in zip(documents, self.nlp.pipe(texts, batch_size=len(documents))):
            document.entities = [
                Entity(name.start_char, name.end_char, LABELS[name.label_]) for name in parsed.ents if name.label_ in LABELS
            ]


if __name__ == "__main__":
    Names.main()
