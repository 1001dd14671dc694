"""Documents through the real program, with built-in stages."""

import logging
import os
import pathlib
import threading
import time

import pytest

import pipeline

SENTENCES = {"stages": [{"use": "sentences"}]}


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path, monkeypatch):
    """Runs each test in a folder of its own, and looks whether a file, a thread or a process stays behind."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    threads = set(threading.enumerate())
    files = set(os.listdir("/proc/self/fd"))
    yield
    assert set(threading.enumerate()) == threads
    assert children() == []
    assert len(os.listdir("/proc/self/fd")) == len(files)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and path.suffix not in (".json", ".tsv")] == []
    assert list(tmp_path.glob(".*")) == []


def children():
    found = []
    for status in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = status.read_text().rpartition(")")
        except OSError:
            continue
        if int(rest.split()[1]) == os.getpid():
            found.append(name)
    return found


def texts(count):
    return ({"id": str(number), "text": f"This is text {number}. It has two sentences."} for number in range(count))


def test_the_lines_of_the_output_in_order(pipe):
    lines = pipeline.run(SENTENCES, texts(1000), pipe=pipe)
    assert [line["id"] for line in lines] == [str(number) for number in range(1000)]
    assert lines[7]["sentences"] == [{"start": 0, "end": 15}, {"start": 16, "end": 37}]


def test_a_configuration_in_a_file_is_read_beside_its_files(pipe, tmp_path):
    folder = tmp_path / "pipelines"
    folder.mkdir()
    (folder / "people.tsv").write_text("Ada Bell\tPER\tQ7259\n")
    (folder / "names.json").write_text('{"stages": [{"use": "entities", "lists": ["people.tsv"]}], "output": {"format": "markdown"}}')
    (line,) = pipeline.run(folder / "names.json", [{"text": "Ada Bell left."}], pipe=pipe)
    assert line["entities"] == [{"start": 0, "end": 8, "label": "PER", "id": "Q7259", "source": "list"}]


def test_paths_in_a_dictionary_are_relative_to_the_working_directory(pipe, tmp_path):
    (tmp_path / "people.tsv").write_text("Ada Bell\tPER\n")
    configuration = {"stages": [{"use": "entities", "lists": ["people.tsv"]}]}
    (line,) = pipeline.run(configuration, [{"text": "Ada Bell left."}], pipe=pipe)
    assert line["entities"][0]["label"] == "PER"


def test_the_program_is_found_in_the_environment(pipe, monkeypatch):
    monkeypatch.setenv("PIPE", pipe)
    assert len(pipeline.run(SENTENCES, texts(1))) == 1
    monkeypatch.setenv("PIPE", "/nowhere/pipe")
    with pytest.raises(FileNotFoundError, match='there is no program "/nowhere/pipe"'):
        pipeline.run(SENTENCES, texts(1))


def test_further_arguments(pipe):
    assert len(pipeline.run(SENTENCES, texts(1000), pipe=pipe, arguments=["--workers", "1", "--limit", "10"])) == 10


def test_half_a_surrogate_pair_becomes_a_replacement_character(pipe):
    (line,) = pipeline.run(SENTENCES, [{"text": "a \ud83d b"}], pipe=pipe)
    assert line["text"] == "a \ufffd b"


def test_lines_come_while_the_documents_wait(pipe):
    answered = threading.Event()

    def documents():
        yield {"text": "One."}
        assert answered.wait(20), "the first line has not come"
        yield {"text": "Two."}

    lines = pipeline.iter(SENTENCES, documents(), pipe=pipe)
    assert next(lines)["text"] == "One."
    answered.set()
    assert [line["text"] for line in lines] == ["Two."]


def test_documents_are_not_taken_much_faster_than_the_lines_are(pipe):
    taken = 0

    def documents():
        nonlocal taken
        while True:
            taken += 1
            yield {"text": "A text. " * 2000}

    lines = pipeline.iter(SENTENCES, documents(), pipe=pipe)
    next(lines)
    before = -1
    while taken != before:
        before = taken
        time.sleep(0.5)
    assert taken < 2000
    lines.close()


def test_closing_early_ends_everything(pipe):
    lines = pipeline.iter(SENTENCES, texts(10**9), pipe=pipe)
    for _ in range(10):
        next(lines)
    begun = time.monotonic()
    lines.close()
    assert time.monotonic() - begun < 4


def test_closing_does_not_wait_for_documents_that_do_not_come(pipe):
    closed = threading.Event()

    def documents():
        yield {"text": "One."}
        closed.wait(20)
        yield {"text": "Two."}

    lines = pipeline.iter(SENTENCES, documents(), pipe=pipe)
    next(lines)
    begun = time.monotonic()
    lines.close()
    assert time.monotonic() - begun < 4
    closed.set()
    for thread in threading.enumerate():
        if thread.name == "pipeline documents":
            thread.join(5)


def test_an_exception_of_the_consumer_ends_everything(pipe):
    with pytest.raises(KeyError):
        for _ in pipeline.iter(SENTENCES, texts(10**9), pipe=pipe):
            raise KeyError


def test_what_the_documents_raise_comes_after_the_lines_before(pipe):
    def documents():
        yield from texts(20)
        raise LookupError("the database is gone")

    lines = []
    with pytest.raises(LookupError, match="the database is gone"):
        lines.extend(pipeline.iter(SENTENCES, documents(), pipe=pipe))
    assert len(lines) == 20


def test_documents_that_are_not_json(pipe):
    with pytest.raises(TypeError, match="not JSON serializable"):
        pipeline.run(SENTENCES, [{"text": b"bytes"}], pipe=pipe)


def test_mistakes_in_a_configuration(pipe, tmp_path):
    wrong = {"stages": [{"use": "sentnces"}], "run": {"workers": 0}}
    with pytest.raises(pipeline.ConfigurationError) as error:
        pipeline.run(wrong, texts(10**9), pipe=pipe)
    assert (error.value.status, [problem.pointer for problem in error.value.errors]) == (2, ["/stages/0/use", "/run/workers"])
    assert error.value.errors[0].file == "<dict>"
    assert 'did you mean "sentences"?' in str(error.value)

    (tmp_path / "wrong.json").write_text('{"stages": [],\n "run": {"workers": 0}}')
    with pytest.raises(pipeline.ConfigurationError) as error:
        pipeline.run("wrong.json", texts(1), pipe=pipe)
    message = "expected a whole number from 1 to 256, found 0"
    assert error.value.errors == [pipeline.Problem("wrong.json", 2, 21, "/run/workers", message)]


def test_a_configuration_that_is_not_there(pipe):
    with pytest.raises(pipeline.ConfigurationError, match=r"none\.json: No such file") as error:
        pipeline.run("none.json", texts(1), pipe=pipe)
    assert error.value.errors == []


def test_trouble_of_another_kind(tmp_path):
    program = tmp_path / "pipe.json"
    program.write_text("#!/bin/sh\necho the disk is full >&2\nexit 3\n")
    program.chmod(0o755)
    with pytest.raises(pipeline.PipelineError, match="status 3: the disk is full") as error:
        pipeline.run(SENTENCES, texts(10), pipe=str(program))
    assert (type(error.value), error.value.status, error.value.stderr) == (pipeline.PipelineError, 3, "the disk is full")


def test_messages_go_to_the_log(tmp_path, caplog):
    program = tmp_path / "pipe.json"
    program.write_text('#!/bin/sh\necho \'{"level": "warning", "message": "took long"}\' >&2\necho from a stage >&2\n')
    program.chmod(0o755)
    with caplog.at_level(logging.INFO, logger="pipeline"):
        assert pipeline.run(SENTENCES, [], pipe=str(program)) == []
    levels = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert levels == [("WARNING", "took long"), ("INFO", "from a stage")]


FILTER = {"stages": [{"use": "filter", "minLength": 5}]}
MIXED = [{"id": "good", "text": "Long enough."}, {"id": "short", "text": "a"}, {"id": "empty"}, {"id": "also", "text": "Long enough."}]


def test_rejected_documents_are_raised_at_the_end(pipe):
    lines = []
    with pytest.raises(pipeline.Rejected, match="rejected empty: input: ") as error:
        lines.extend(pipeline.iter(FILTER, MIXED, pipe=pipe))
    assert [line["id"] for line in lines] == ["good", "also"]
    assert [reject["id"] for reject in error.value.rejects] == ["empty"]
    assert error.value.status == 1


def test_dropped_documents_are_no_error(pipe):
    assert len(pipeline.run(FILTER, MIXED[:2], pipe=pipe)) == 1


def test_rejects_are_handed_over(pipe):
    rejects = []
    assert len(pipeline.run(FILTER, MIXED, pipe=pipe, on_reject=rejects.append)) == 2
    assert [(reject["id"], reject["kind"]) for reject in rejects] == [("short", "dropped"), ("empty", "rejected")]


def test_more_rejects_than_a_pipe_holds(pipe):
    rejects = []
    documents = ({"id": f"{number}-" + "x" * 200, "text": "a"} for number in range(5000))
    assert pipeline.run(FILTER, documents, pipe=pipe, on_reject=rejects.append) == []
    assert len(rejects) == 5000


def test_rejects_come_while_the_documents_wait(pipe):
    rejected = threading.Event()

    def documents():
        yield MIXED[1]
        assert rejected.wait(20), "the reject has not come"

    assert pipeline.run(FILTER, documents(), pipe=pipe, on_reject=lambda reject: rejected.set()) == []


def test_two_runs_at_once(pipe):
    both = zip(pipeline.iter(SENTENCES, texts(300), pipe=pipe), pipeline.iter(SENTENCES, texts(300), pipe=pipe))
    assert all(one == other for one, other in both)
