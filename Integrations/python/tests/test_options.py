from dataclasses import dataclass, field
from typing import Annotated, Dict, List, Literal, Optional

import pytest

from pipeline.options import OptionError, decode, schema


@dataclass
class Options:
    path: str
    fast: bool = False
    most: int = field(default=3, metadata={"description": "The most.", "minimum": 1})
    least: Annotated[float, "The least."] = 0.5
    words: List[str] = field(default_factory=lambda: ["a", "b"])
    size: Literal["small", "large"] = "small"
    label: Optional[str] = None


def test_schema_of_a_dataclass():
    assert schema(Options) == {
        "type": "object",
        "properties": {
            "path": {"type": "string"},
            "fast": {"type": "boolean", "default": False},
            "most": {"type": "integer", "description": "The most.", "minimum": 1, "default": 3},
            "least": {"type": "number", "description": "The least.", "default": 0.5},
            "words": {"type": "array", "items": {"type": "string"}, "default": ["a", "b"]},
            "size": {"type": "string", "enum": ["small", "large"], "default": "small"},
            "label": {"type": "string"},
        },
        "required": ["path"],
    }


def test_a_dataclass_made_of_options():
    assert decode(Options, {"path": "p", "least": 1, "words": []}) == Options("p", least=1.0, words=[])
    assert type(decode(Options, {"path": "p", "least": 1}).least) is float
    with pytest.raises(TypeError, match="missing"):
        decode(Options, {})


def test_types_that_no_option_has():
    @dataclass
    class Odd:
        table: Dict[str, str]

    with pytest.raises(TypeError, match=r"Odd\.table: .* is no type of an option"):
        schema(Odd)
    with pytest.raises(TypeError, match="int is not"):
        schema(int)


def test_pydantic():
    pydantic = pytest.importorskip("pydantic")

    class Inner(pydantic.BaseModel):
        name: str

    class Model(pydantic.BaseModel):
        least: float = pydantic.Field(0.2, ge=0, le=1, description="The least.")
        parts: List[Inner] = []

        @pydantic.model_validator(mode="after")
        def check(self):
            if self.least == 0.25:
                raise ValueError("no quarter")
            return self

    least = schema(Model)["properties"]["least"]
    assert (least["type"], least["default"], least["minimum"], least["description"]) == ("number", 0.2, 0, "The least.")
    assert decode(Model, {"parts": [{"name": "x"}]}) == Model(parts=[Inner(name="x")])
    with pytest.raises(OptionError) as error:
        decode(Model, {"parts": [{"name": "x"}, {"name": 5}]})
    assert (error.value.option, error.value.path) == ("parts", ["1", "name"])
    assert "string" in str(error.value)
    with pytest.raises(OptionError, match="no quarter") as error:
        decode(Model, {"least": 0.25})
    assert (error.value.option, error.value.path) == (None, [])


def test_what_a_validator_of_a_model_like_pydantics_raises_otherwise():
    class Model:
        @staticmethod
        def model_json_schema():
            return {"type": "object"}

        @staticmethod
        def model_validate(given):
            raise ValueError("out of order")

    assert schema(Model) == {"type": "object"}
    with pytest.raises(ValueError, match="out of order"):
        decode(Model, {})
