"""Stages as programs: what they say to `pipe`."""

import json
import os
import signal
import threading
import time

import pytest

from host import Host
from pipeline import Drop, OptionError, stage
from pipeline.serving import serve


def converse(stage, *requests, start=None):
    """Serves a stage in this process: all that it says after the greeting."""
    source, requests_end = os.pipe()
    answers_end, target = os.pipe()
    lines = [json.dumps(start or {"start": 1, "options": {}}), *(r if isinstance(r, str) else json.dumps(r) for r in requests)]
    os.write(requests_end, "".join(line + "\n" for line in lines).encode())
    os.close(requests_end)
    serve(stage, source, target)
    os.close(source)
    os.close(target)
    with open(answers_end, "rb") as answers:
        return [json.loads(line) for line in answers.read().decode("utf-8").splitlines()][1:]


def test_a_program_from_beginning_to_end():
    with Host("mood.py") as host:
        greeting = host.start(least=0.4)
        assert (greeting["name"], greeting["options"]["properties"]["model"]) == ("mood", {"type": "string", "default": "small"})
        text = "No rain today."
        line = {"document": 1, "more": 0, "id": "a", "title": "Old", "text": text, "sentences": [{"start": 0, "end": 14}]}
        host.say(line)
        assert host.hear() == {
            "document": 1,
            "extra": {"mood": 0.667, "sentences": [text]},
            "entities": [{"start": 3, "end": 7, "label": "WORD", "score": 1.0}],
        }
        assert host.ask("sad rain gloom", first=2) == [{"document": 2, "drop": "gloomy"}]
        assert host.ask("fail", first=3) == [{"document": 3, "error": "no such language"}]
        (changed,) = host.ask("retitle", first=4)
        assert (changed["title"], changed["authors"]) == ("A new title", ["Ada Bell"])
        status, errors = host.end()
    assert status == 0
    assert errors.count("a message that is no answer") == 4
    assert 'raise ValueError("no such language")' in errors


def test_options_that_the_program_refuses():
    with Host("mood.py") as host:
        host.hear()
        host.say({"start": 1, "options": {"model": "xl"}})
        assert host.hear() == {"error": 'there is no model "xl"', "option": "model"}
        status, errors = host.end()
    assert (status, errors) == (0, "")


def test_a_start_that_fails():
    @stage("none", summary="")
    class Missing:
        def __init__(self):
            raise FileNotFoundError("no model here")

        def __call__(self, document):
            pass

    assert converse(Missing) == [{"error": "no model here"}]


def test_the_place_of_a_refused_value():
    @stage("none", summary="")
    class Wrong:
        def __init__(self):
            raise OptionError("parts", "is odd", [1, "name"])

        def __call__(self, document):
            pass

    assert converse(Wrong) == [{"error": "is odd", "option": "parts", "path": ["1", "name"]}]


def test_a_program_of_which_only_the_greeting_is_wanted():
    with Host("mood.py") as host:
        host.hear()
        assert host.end() == (0, "")


@pytest.mark.parametrize("program", ["mood.py", "together.py"])
def test_a_batch_is_answered_although_the_input_stays_open(program):
    with Host(program) as host:
        host.start()
        for first in range(1, 500, 16):
            answers = host.ask(*["a text"] * 16, first=first)
            assert [answer["document"] for answer in answers] == list(range(first, first + 16))
        assert host.end()[0] == 0


def test_one_document_of_a_batch_is_answered_before_the_rest_has_come():
    with Host("mood.py") as host:
        host.start()
        host.say({"document": 1, "more": 1, "text": "a"})
        assert host.hear()["document"] == 1
        host.say({"document": 2, "more": 0, "text": "a"})
        assert host.hear()["document"] == 2


def test_an_answer_does_not_wait_for_slow_documents_behind_it():
    @stage("slow", summary="")
    def slow(document):
        time.sleep(float(document.text))

    source, requests = os.pipe()
    answers, target = os.pipe()
    thread = threading.Thread(target=serve, args=(slow, source, target))
    thread.start()
    lines = ['{"start": 1}'] + [json.dumps({"document": n, "more": 2 - n, "text": text}) for n, text in enumerate(["0.02", "0", "2"])]
    begun = time.monotonic()
    os.write(requests, ("\n".join(lines) + "\n").encode())
    with open(answers, "rb", closefd=False) as file:
        heard = [json.loads(file.readline()) for _ in range(3)]
    assert heard[2] == {"document": 0}
    assert time.monotonic() - begun < 1
    os.close(requests)
    thread.join()
    for descriptor in (source, answers, target):
        os.close(descriptor)


def test_a_batch_at_once():
    with Host("together.py") as host:
        host.start()
        assert host.ask("one", "drop", "upper") == [
            {"document": 1, "extra": {"together": 3}},
            {"document": 2, "drop": "unwanted"},
            {"document": 3, "extra": {"together": 3}, "text": "UPPER"},
        ]
        assert host.end() == (0, "")


def test_only_the_guilty_of_a_batch_is_rejected():
    with Host("together.py") as host:
        host.start()
        assert host.ask("upper", "fail", "blocks") == [
            {"document": 1, "extra": {"together": 1}, "text": "UPPER"},
            {"document": 2, "error": "cannot take this one"},
            {
                "document": 3,
                "extra": {"together": 1},
                "blocks": [{"kind": "heading", "text": "Blocks"}, {"kind": "paragraph", "text": "of a text"}],
            },
        ]
        _, errors = host.end()
    assert "3 documents at once: cannot take this one; trying them one by one" in errors


@pytest.mark.parametrize("result", [[None], Drop("x"), 5])
def test_a_batch_function_that_returns_something_else(result):
    @stage("odd", summary="", batch=True)
    def odd(documents):
        return result if len(documents) > 1 else None

    requests = [{"document": n, "more": 2 - n} for n in (1, 2)]
    assert converse(odd, *requests) == [{"ready": True}, {"document": 1}, {"document": 2}]


def test_a_function_that_returns_something_else():
    @stage("odd", summary="")
    def odd(document):
        return document

    (_, answer) = converse(odd, {"document": 1, "more": 0})
    assert answer == {"document": 1, "error": 'a stage returns None or Drop("reason"), not Document'}


def test_messages_of_errors():
    errors = [KeyError("name"), ValueError("wrong"), ValueError()]

    @stage("failing", summary="")
    def failing(document):
        raise errors.pop(0)

    answers = converse(failing, *({"document": n, "more": 0} for n in (1, 2, 3)))
    assert [answer.get("error") for answer in answers[1:]] == ["KeyError: 'name'", "wrong", "ValueError"]


def test_half_a_surrogate_pair_is_sent_as_an_escape():
    @stage("surrogate", summary="", rewrites=True)
    def surrogate(document):
        document.text += "\ud83d"
        document.extra["é\n"] = "line\u2028end"

    (_, answer) = converse(surrogate, {"document": 1, "more": 0, "text": "a"})
    assert answer == {"document": 1, "text": "a\ud83d", "extra": {"é\n": "line\u2028end"}}


def test_what_json_cannot_hold_rejects_the_document():
    @stage("odd", summary="")
    def odd(document):
        document.extra["value"] = float("nan") if document.text == "nan" else {1}

    answers = converse(odd, {"document": 1, "more": 0, "text": "nan"}, {"document": 2, "more": 0, "text": ""})
    assert [sorted(answer) for answer in answers[1:]] == [["document", "error"]] * 2


def test_lines_in_any_form_of_json():
    @stage("identity", summary="")
    def identity(document):
        assert document.id == "x"

    answers = converse(identity, '{"id": "x", "more": 0, "document": 1}', '{ "document" : 2 , "more" : 0 , "id":"x" }')
    assert answers[1:] == [{"document": 1}, {"document": 2}]


def test_a_line_that_breaks_off_is_no_document():
    with Host("mood.py") as host:
        host.start()
        host.input.write(b'{"document": 1, "mo')
        assert host.end() == (0, "")


def test_documents_larger_than_a_pipe():
    with Host("together.py") as host:
        host.start()
        assert host.ask("upper " + "é" * 3_000_000)[0]["text"] == "UPPER " + "É" * 3_000_000


def test_documents_are_not_read_away():
    with Host("mood.py") as host:
        host.start()
        answers = host.ask("read from standard input", "another document")
        assert answers[0]["extra"]["read"] == ""
        assert answers[1]["document"] == 2
        assert "said by another program" in host.end()[1]


def test_ends_that_are_no_trouble():
    with Host("mood.py") as host:
        host.start()
        host.output.close()
        host.say({"document": 1, "more": 0, "text": "a"})
        host.process.wait(10)
        assert host.process.returncode == 0
        assert b"Traceback" not in host.process.stderr.read()
        host.process.stdout = None
    with Host("mood.py") as host:
        host.start()
        host.process.send_signal(signal.SIGINT)
        status, errors = host.end()
        assert (status, errors) == (130, "")
