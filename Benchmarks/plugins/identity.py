"""Stages that change nothing: what is left is the cost of the way there and back. With the argument `reader`, the text is asked for."""

import sys

from pipeline import stage


@stage("identity", summary="Changes nothing.")
def identity(document):
    pass


@stage("reader", summary="Reads the text, and changes nothing.")
def reader(document):
    assert document.text


if __name__ == "__main__":
    (reader if sys.argv[1:] == ["reader"] else identity).main()
