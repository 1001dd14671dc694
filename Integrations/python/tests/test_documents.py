import json

import pytest

from pipeline import Block, Document, Entity, Sentence

LINE = {
    "document": 1,
    "more": 0,
    "id": "a.html",
    "source": "a.html",
    "title": "Swing bridge",
    "authors": ["Ada Bell"],
    "siteName": "Harbour Post",
    "text": "Ships 🚢 wait.\n\nThey do.",
    "blocks": [{"start": 0, "end": 13, "kind": "heading"}, {"start": 15, "end": 23, "kind": "paragraph"}],
    "sentences": [{"start": 0, "end": 13}, {"start": 15, "end": 23}],
    "entities": [{"start": 0, "end": 5, "label": "LOC", "id": "Q1", "source": "list"}],
    "extra": {"mood": 1, "deep": {"list": [1, 2]}},
}


@pytest.fixture(params=["dictionary", "text", "bytes"])
def document(request):
    line = json.dumps(LINE, ensure_ascii=False)
    return Document({"dictionary": LINE, "text": line, "bytes": line.encode()}[request.param])


def test_reading_changes_nothing(document):
    assert (document.id, document.source, document.title, document.site_name) == ("a.html", "a.html", "Swing bridge", "Harbour Post")
    assert (document.url, document.charset, document.content) == (None, None, None)
    assert (document.authors, document.keywords) == (["Ada Bell"], [])
    assert document.blocks == (Block(0, 13, "heading"), Block(15, 23, "paragraph"))
    assert document.sentences == [Sentence(0, 13), Sentence(15, 23)]
    assert document.sentence_texts == ["Ships 🚢 wait.", "They do."]
    assert document.entities == [Entity(0, 5, "LOC", id="Q1", source="list")]
    assert document.text_of(document.entities[0]) == "Ships"
    assert document.extra == LINE["extra"]
    assert document.changes() == {}


def test_facts(document):
    document.title = None
    document.url = "https://example.org/"
    document.site_name = "Harbour Post"
    document.section = ""
    document.authors.append("Tom Lock")
    document.keywords = ["bridges"]
    assert document.changes() == {
        "title": None,
        "url": "https://example.org/",
        "authors": ["Ada Bell", "Tom Lock"],
        "keywords": ["bridges"],
    }


def test_an_empty_list_takes_a_list_away(document):
    document.authors = []
    document.keywords = []
    assert document.changes() == {"authors": None}


def test_what_is_changed_back_is_not_sent(document):
    document.title = "Another"
    document.title = "Swing bridge"
    document.text = "Another"
    document.text = LINE["text"]
    assert document.sentences == [Sentence(0, 13), Sentence(15, 23)]
    assert document.changes() == {}


def test_extra(document):
    document.extra["mood"] = True
    document.extra["deep"]["list"].append(3)
    document.extra["new"] = [None, {"a": "b"}]
    document.extra["nothing"] = None
    assert document.changes() == {"extra": {"mood": True, "deep": {"list": [1, 2, 3]}, "new": [None, {"a": "b"}]}}
    assert LINE["extra"] == {"mood": 1, "deep": {"list": [1, 2]}}


def test_what_is_deleted_from_extra_is_taken_away(document):
    del document.extra["mood"]
    assert document.changes() == {"extra": {"mood": None}}
    document.extra = {}
    assert document.changes() == {"extra": {"mood": None, "deep": None}}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1, 2}])
def test_extra_takes_only_json(document, value):
    document.extra["mood"] = value
    with pytest.raises((TypeError, ValueError)):
        document.changes()


def test_sentences_and_entities(document):
    document.sentences = [(0, 23)]
    document.entities.append(Entity(15, 19, "PER", score=0.5))
    assert document.changes() == {
        "sentences": [{"start": 0, "end": 23}],
        "entities": [
            {"start": 0, "end": 5, "label": "LOC", "id": "Q1", "source": "list"},
            {"start": 15, "end": 19, "label": "PER", "score": 0.5},
        ],
    }
    document.entities = []
    assert document.changes()["entities"] == []


def test_a_new_text_has_no_marks_of_the_old_one(document):
    document.entities = [Entity(1, 2, "PER")]
    document.text = "New text."
    assert (document.text, document.blocks, document.sentences, document.entities) == ("New text.", (), [], [])
    assert document.changes() == {"text": "New text."}
    document.sentences = [(0, 9)]
    assert document.changes() == {"text": "New text.", "sentences": [{"start": 0, "end": 9}]}


def test_new_blocks(document):
    document.set_blocks([("heading", "🚢 ahoy"), ("listItem", ""), ("listItem", "one"), ("listItem", "two")])
    assert document.text == "🚢 ahoy\n\none\n\ntwo"
    assert [document.text_of(block) for block in document.blocks] == ["🚢 ahoy", "one", "two"]
    kinds = [("heading", "🚢 ahoy"), ("listItem", ""), ("listItem", "one"), ("listItem", "two")]
    assert document.changes() == {"blocks": [{"kind": kind, "text": text} for kind, text in kinds]}
    document.text = "Text again"
    assert document.changes() == {"text": "Text again"}


def test_removals(document):
    document.remove(document.blocks[0], "headline", "first-block")
    document.remove(Sentence(15, 19), "dull", "short", kept=True)
    assert document.text == LINE["text"]
    assert document.changes() == {
        "removed": [
            {"start": 0, "end": 13, "reason": "headline", "rule": "first-block"},
            {"start": 15, "end": 19, "reason": "dull", "rule": "short", "kept": True},
        ]
    }


def test_content():
    assert Document({"content": "<p>é", "charset": "utf-8"}).content == "<p>é".encode()
    assert Document({"contentBase64": "PHA+6Q==", "charset": "iso-8859-1"}).content == b"<p>\xe9"
    assert Document({}).text == ""
