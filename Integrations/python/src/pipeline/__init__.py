"""Pipeline for Python.

Two sides, which need not meet in one program: `stage` turns a function into a stage that `pipe` runs as a program, and `iter` and
`run` hand documents to `pipe` and give back what it makes of them.
"""

from .documents import Document, Drop
from .errors import ConfigurationError, PipelineError, Problem, Rejected
from .options import OptionError
from .running import iter as iter
from .running import run
from .spans import Block, BlockKind, Entity, Sentence
from .stages import Part, Stage, stage

# Without `iter`: a star import must not hide the built-in one.
__all__ = [
    "Block",
    "BlockKind",
    "ConfigurationError",
    "Document",
    "Drop",
    "Entity",
    "OptionError",
    "Part",
    "PipelineError",
    "Problem",
    "Rejected",
    "Sentence",
    "Stage",
    "run",
    "stage",
]
