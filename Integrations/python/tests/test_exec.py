"""Both sides together: stages in Python, run by `pipe`, driven from Python."""

import pathlib
import shutil
import sys
import time

import pytest

import pipeline

TESTS = pathlib.Path(__file__).parent


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    for program in (TESTS / "plugins").glob("*.py"):
        shutil.copy(program, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(TESTS.parent / "src"))
    return tmp_path


def stages(program, **options):
    stage = {"use": "exec", "command": [sys.executable, program], "batch": 16, "workers": 2, "timeout": "10s"}
    if options:
        stage["options"] = options
    return {"stages": [{"use": "sentences"}, stage], "output": {"trail": True}}


def test_documents_are_changed(pipe_with_exec):
    documents = [{"id": str(number), "title": "Old", "text": f"No rain 🚢 today. Text {number}. retitle"} for number in range(200)]
    lines = pipeline.run(stages("mood.py", label="MOOD"), documents, pipe=pipe_with_exec)
    assert [line["id"] for line in lines] == [document["id"] for document in documents]
    assert all(line["title"] == "A new title" and line["authors"] == ["Ada Bell"] for line in lines)
    assert lines[7]["entities"] == [{"start": 3, "end": 7, "label": "MOOD", "score": 1, "source": "mood"}]
    assert lines[7]["extra"] == {"mood": 0.857, "sentences": ["No rain 🚢 today.", "Text 7. retitle"]}


def test_documents_are_dropped_and_rejected(pipe_with_exec):
    texts = {"sad": "Sad gloom, rain gloom.", "bad": "This will fail.", "good": "A fine day."}
    rejects = []
    documents = [{"id": name, "text": text} for name, text in texts.items()]
    lines = pipeline.run(stages("mood.py", least=0.5), documents, pipe=pipe_with_exec, on_reject=rejects.append)
    assert [line["id"] for line in lines] == ["good"]
    assert [(reject["id"], reject["kind"]) for reject in rejects] == [("sad", "dropped"), ("bad", "rejected")]
    assert [rejects[0]["reason"], rejects[1]["reason"]] == ["gloomy", "no such language"]


def test_a_document_that_ends_the_program_costs_itself(pipe_with_exec):
    documents = [{"id": str(number), "text": "Please crash." if number == 20 else "A fine day."} for number in range(40)]
    with pytest.raises(pipeline.Rejected) as error:
        pipeline.run(stages("mood.py"), documents, pipe=pipe_with_exec)
    assert [reject["id"] for reject in error.value.rejects] == ["20"]


def test_batches_and_new_texts(pipe_with_exec):
    documents = [{"id": str(number), "text": "upper é" if number % 2 else "blocks"} for number in range(100)]
    configuration = stages("together.py")
    configuration["stages"].reverse()
    lines = pipeline.run(configuration, documents, pipe=pipe_with_exec)
    assert [line["text"] for line in lines] == ["Blocks\n\nof a text", "UPPER É"] * 50
    assert lines[1]["sentences"] == [{"start": 0, "end": 7}]


def test_what_a_batch_rejects(pipe_with_exec):
    documents = [
        {"id": str(number), "text": "fail" if number % 10 == 3 else "drop" if number % 10 == 4 else "fine"} for number in range(50)
    ]
    configuration = {"stages": stages("together.py")["stages"][1:]}
    rejects = []
    lines = pipeline.run(configuration, documents, pipe=pipe_with_exec, on_reject=rejects.append)
    assert [line["id"] for line in lines] == [str(number) for number in range(50) if number % 10 not in (3, 4)]
    kinds = {reject["id"]: (reject["kind"], reject["reason"]) for reject in rejects}
    assert kinds["13"] == ("rejected", "cannot take this one")
    assert kinds["14"] == ("dropped", "unwanted")


def test_options_are_checked_where_they_stand(pipe_with_exec):
    for options, pointer, message in (
        ({"least": 2}, "/stages/1/options/least", "0 to 1"),
        ({"model": "xl"}, "/stages/1/options/model", 'there is no model "xl"'),
        ({"lest": 0.5}, "/stages/1/options/lest", 'did you mean "least"?'),
    ):
        with pytest.raises(pipeline.ConfigurationError, match="options") as error:
            pipeline.run(stages("mood.py", **options), [], pipe=pipe_with_exec)
        (problem,) = error.value.errors
        assert problem.pointer == pointer
        assert message in problem.message


def test_closing_early_ends_the_programs_of_stages(pipe_with_exec, folder):
    documents = ({"text": f"A fine day {number}."} for number in range(10**9))
    lines = pipeline.iter(stages("mood.py"), documents, pipe=pipe_with_exec)
    next(lines)
    assert programs_in(folder) != []
    lines.close()
    end = time.monotonic() + 5
    while programs_in(folder) and time.monotonic() < end:
        time.sleep(0.05)
    assert programs_in(folder) == []


def programs_in(folder):
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if b"mood.py" in (process / "cmdline").read_bytes() and (process / "cwd").resolve() == folder:
                found.append(process.name)
        except OSError:
            continue
    return found
