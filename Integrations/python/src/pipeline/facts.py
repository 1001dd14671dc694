"""The facts about a document that are texts and lists of texts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from .documents import Document


class Text:
    """A fact that is one text; None where it is not known. Assigning None takes it away."""

    def __init__(self, key: str) -> None:
        self._key = key

    @overload
    def __get__(self, document: None, owner: type) -> Text: ...
    @overload
    def __get__(self, document: Document, owner: type) -> str | None: ...
    def __get__(self, document: Document | None, owner: type) -> Any:
        if document is None:
            return self
        values = document._values
        return values[self._key] if self._key in values else document._sent().get(self._key)

    def __set__(self, document: Document, value: str | None) -> None:
        document._values[self._key] = value


class TextList:
    """A fact that is a list of texts, which may be changed in place; empty where it is not known."""

    def __init__(self, key: str) -> None:
        self._key = key

    @overload
    def __get__(self, document: None, owner: type) -> TextList: ...
    @overload
    def __get__(self, document: Document, owner: type) -> list[str]: ...
    def __get__(self, document: Document | None, owner: type) -> Any:
        if document is None:
            return self
        values = document._values
        if self._key not in values:
            values[self._key] = list(document._sent().get(self._key, ()))
        return values[self._key]

    def __set__(self, document: Document, value: Iterable[str]) -> None:
        document._values[self._key] = list(value)
