"""The options of a stage: their JSON Schema, and objects made of what a configuration gives."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

_JSON_TYPES: dict[Any, str] = {bool: "boolean", int: "integer", float: "number", str: "string"}
# What may stand in the metadata of a field, under the name that it has in JSON Schema.
_FIELD_KEYWORDS = ("description", "minimum", "maximum")
_UNIONS = (Union, getattr(types, "UnionType", Union))


class OptionError(Exception):
    """Raised while a stage is made: the message is reported at the place of the option in the configuration.

    `path` leads to a value inside the option: names of fields and numbers of elements, from the outside in.
    """

    def __init__(self, option: str | None, message: str, path: Sequence[str | int] = ()) -> None:
        super().__init__(message)
        self.option = option
        self.path = [str(step) for step in path]


def schema(options: type) -> dict[str, Any]:
    """The JSON Schema of a dataclass or of a pydantic model.

    Raises `TypeError` for a dataclass with a field of a type that is not described in the README.
    """
    if _is_pydantic(options):
        described: dict[str, Any] = options.model_json_schema()  # type: ignore[attr-defined]
        return described
    if not dataclasses.is_dataclass(options):
        raise TypeError(f"options are a dataclass or a pydantic model, which {options.__name__} is not")
    hints = get_type_hints(options, include_extras=True)
    properties, required = {}, []
    for field in dataclasses.fields(options):
        if not field.init:
            continue
        described = _type_schema(hints[field.name], f"{options.__name__}.{field.name}")
        described.update((key, field.metadata[key]) for key in _FIELD_KEYWORDS if key in field.metadata)
        default = field.default if field.default_factory is dataclasses.MISSING else field.default_factory()
        if default is dataclasses.MISSING:
            required.append(field.name)
        elif default is not None:
            described["default"] = default
        properties[field.name] = described
    whole: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        whole["required"] = required
    return whole


def decode(options: type, given: Mapping[str, Any]) -> Any:
    """Makes the options of what was given; `pipe` has checked it against the schema.

    Raises `OptionError` for what a pydantic model refuses, and lets through what `__post_init__` of a dataclass raises.
    """
    if not _is_pydantic(options):
        numbers = {name for name, described in schema(options)["properties"].items() if described.get("type") == "number"}
        return options(**{name: float(value) if name in numbers and value is not None else value for name, value in given.items()})
    try:
        return options.model_validate(given)  # type: ignore[attr-defined]
    except ValueError as error:
        errors = getattr(error, "errors", None)
        if not callable(errors):
            raise
        # An answer has room for one.
        first = errors()[0]
        option, *path = first["loc"] or (None,)
        raise OptionError(option, first["msg"], path) from error


def _is_pydantic(options: type) -> bool:
    return hasattr(options, "model_json_schema") and hasattr(options, "model_validate")


def _type_schema(annotation: Any, name: str) -> dict[str, Any]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        described = _type_schema(arguments[0], name)
        described.update(("description", text) for text in arguments[1:] if isinstance(text, str))
        return described
    if origin in _UNIONS:
        inner = [argument for argument in arguments if argument is not type(None)]
        if len(inner) == 1:
            return _type_schema(inner[0], name)
    if annotation in _JSON_TYPES:
        return {"type": _JSON_TYPES[annotation]}
    if origin is list and arguments == (str,):
        return {"type": "array", "items": {"type": "string"}}
    if origin is Literal and all(isinstance(choice, str) for choice in arguments):
        return {"type": "string", "enum": list(arguments)}
    raise TypeError(f"{name}: {annotation} is no type of an option")
