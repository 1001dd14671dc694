import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def pipe():
    """The program: that in `PIPE`, else the one that was built last in this repository."""
    given = os.environ.get("PIPE")
    built = [path for build in ("release", "debug") if (path := ROOT / ".build" / build / "pipe").is_file()]
    if not given and not built:
        pytest.skip("there is no pipe: build one, or name it in the environment variable PIPE")
    return given or str(max(built, key=lambda path: path.stat().st_mtime))


@pytest.fixture(scope="session")
def pipe_with_exec(pipe):
    stages = subprocess.run([pipe, "stages"], capture_output=True, text=True, check=True).stdout
    if not any(line.startswith("exec ") for line in stages.splitlines()):
        pytest.skip(f"{pipe} has no stage exec")
    return pipe
