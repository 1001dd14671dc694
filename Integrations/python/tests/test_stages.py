"""Stages without a program: how they are declared, and called directly."""

from dataclasses import dataclass

import pytest

from pipeline import Document, Drop, stage


@dataclass
class Options:
    least: int = 2


def test_greeting():
    @stage("short", summary="Finds short texts.")
    def short(document):
        """Finds short texts."""

    assert short.greeting == {"pipeline": 1, "name": "short", "summary": "Finds short texts.", "needs": ["text"]}
    assert (short.__name__, short.__doc__) == ("short", "Finds short texts.")

    @stage(
        "short",
        summary="Finds short texts.",
        needs=("content", "language"),
        provides=("title",),
        rewrites=True,
        reasons={"short": "it is"},
        options=Options,
    )
    def other(document, options):
        pass

    assert other.greeting == {
        "pipeline": 1,
        "name": "short",
        "summary": "Finds short texts.",
        "needs": ["content", "language"],
        "options": {"type": "object", "properties": {"least": {"type": "integer", "default": 2}}},
        "provides": ["title"],
        "rewrites": True,
        "reasons": {"short": "it is"},
    }


def test_a_function_is_called_directly():
    @stage("short", summary="Finds short texts.", reasons={"short": "it is"}, options=Options)
    def short(document, options):
        return Drop("short") if len(document.text) < options.least else None

    assert short(Document({"text": "a"}), Options()) == Drop("short")
    assert short(Document({"text": "a"}), options=Options(least=1)) is None


def test_a_class_is_called_directly():
    @stage("count", summary="Counts documents.")
    class Count:
        def __init__(self):
            self.number = 0

        def __call__(self, document):
            self.number += 1
            document.extra["number"] = self.number

    count = Count()
    first, second = Document({}), Document({})
    count(first)
    count(second)
    assert (first.changes(), second.changes()) == ({"extra": {"number": 1}}, {"extra": {"number": 2}})


def test_what_cannot_be_called_as_a_stage_is_refused():
    with pytest.raises(TypeError, match=r"short cannot be called with \(document, options\)"):

        @stage("short", summary="", options=Options)
        def short(document):
            pass

    with pytest.raises(TypeError, match=r"Short cannot be called with \(\)"):

        @stage("short", summary="")
        class Short:
            def __init__(self, options):
                pass


def test_a_class_without_call_is_refused_at_the_start():
    @stage("short", summary="")
    class Short:
        pass

    with pytest.raises(TypeError, match="has no __call__"):
        Short.load({})
