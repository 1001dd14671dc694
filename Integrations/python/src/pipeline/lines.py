"""Lines out of chunks of bytes."""

from __future__ import annotations


class LineSplitter:
    """Cuts a stream into lines, whatever the chunks are in which it arrives. Takes time linear in the stream."""

    def __init__(self) -> None:
        self._beginning: list[bytes] = []

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that end in this chunk, without their newlines; the rest is kept for the next one."""
        lines = chunk.split(b"\n")
        self._beginning.append(lines[0])
        if len(lines) == 1:
            return []
        lines[0] = b"".join(self._beginning)
        self._beginning = [lines.pop()]
        return lines
