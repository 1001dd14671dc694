"""The README's words are true: its stage, its pipeline and its program run."""

import os
import pathlib
import re
import subprocess
import sys

from pipeline import Document, Drop

PACKAGE = pathlib.Path(__file__).resolve().parents[1]
STAGE, PIPELINE, PROGRAM = re.findall(r"```(?:python|json)\n(.*?)```", (PACKAGE / "README.md").read_text("utf-8"), re.DOTALL)


def test_the_stage():
    names = {"__name__": "mood"}
    exec(STAGE, names)
    mood, options = names["mood"], names["Options"]
    document = Document({"text": "Rain again"})
    assert mood(document, options()) is None
    assert document.changes() == {"extra": {"mood": 0.5}}
    assert mood(document, options(least=0.6)) == Drop("gloomy")


def test_the_program(pipe_with_exec, tmp_path):
    for name, content in (("mood.py", STAGE), ("pipeline.json", PIPELINE), ("program.py", PROGRAM)):
        (tmp_path / name).write_text(content, "utf-8")
    environment = {**os.environ, "PIPE": pipe_with_exec, "PYTHONPATH": str(PACKAGE / "src")}
    run = subprocess.run([sys.executable, "program.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("a 0.67\nb 1.0\n", "")
