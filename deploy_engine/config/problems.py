"""From pydantic's errors to findings of ``config.schema``: place, what was found, what is allowed, the remedy."""

from __future__ import annotations

import types
import typing
from typing import Any, TypeVar

from pydantic import BaseModel, RootModel, ValidationError
from pydantic_core import ErrorDetails

from deploy_engine.config.names import PROBLEM
from deploy_engine.config.strict_json import JsonProblem, pointer_of, read_strict_json
from deploy_engine.findings import Finding, Status

CHECK = "config.schema"
Model = TypeVar("Model", bound=BaseModel)
_TYPE_WORDS = {
    "string_type": "a string",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "tuple_type": "a list",
    "list_type": "a list",
}


def _described(value: Any) -> str:
    shown = repr(value) if not isinstance(value, (dict, list, tuple)) else f"a {type(value).__name__}"
    return shown if len(shown) <= 80 else shown[:80] + "…"


def _inner(annotation: Any) -> Any:
    """What a container, a union or an annotated type holds, as far as it is a model."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _inner(typing.get_args(annotation)[0])
    arguments = [item for item in typing.get_args(annotation) if item not in (type(None), Ellipsis)]
    if origin in (typing.Union, types.UnionType):
        return _inner(arguments[0])
    if origin is not None and arguments:
        return _inner(arguments[-1])
    return annotation


def _keys_allowed(model: type[BaseModel], location: tuple[int | str, ...]) -> str:
    current: Any = model
    for step in location[:-1]:
        if isinstance(current, type) and issubclass(current, BaseModel) and not issubclass(current, RootModel):
            by_name = {field.alias or name: field for name, field in current.model_fields.items()}
            if step in by_name:
                current = _inner(by_name[str(step)].annotation)
    if isinstance(current, type) and issubclass(current, BaseModel):
        return ", ".join(field.alias or name for name, field in current.model_fields.items())
    return "the keys of the config language"


def _finding(error: ErrorDetails, model: type[BaseModel], file: str) -> Finding:
    location = tuple(step for step in error["loc"] if step != "[key]")
    kind, context = error["type"], error.get("ctx", {})
    name = repr(str(location[-1])[:60]) if location else "the file"
    found = _described(error["input"])
    if kind == PROBLEM:
        message, allowed, remedy = context["message"], context["allowed"], context["remedy"]
    elif kind == "missing":
        message, allowed, found = f"{name} is missing", _keys_allowed(model, location), "nothing"
        remedy = f"add {name}"
    elif kind == "extra_forbidden":
        message, allowed = f"{name} is an unknown key", _keys_allowed(model, location)
        remedy, found = f"remove {name} or mend its spelling", name
    elif kind in ("enum", "literal_error"):
        allowed = context["expected"]
        message, remedy = f"{name} is {found}, which is unknown", f"use {allowed}"
    elif kind in _TYPE_WORDS:
        allowed = _TYPE_WORDS[kind]
        message, remedy = f"{name} is {found}, not {allowed}", f"write {allowed}"
    else:
        message, allowed = f"{name} is {found}: {error['msg'][0].lower()}{error['msg'][1:]}", error["msg"]
        remedy = "write a value that is allowed"
    return Finding(CHECK, Status.FAILED, message, file, pointer_of(location), remedy, found, allowed)


def findings_of(error: ValidationError, model: type[BaseModel], file: str) -> tuple[Finding, ...]:
    """One finding for each thing that does not fit ``model``."""
    return tuple(_finding(detail, model, file) for detail in error.errors(include_url=False))


def parse_value(model: type[Model], value: Any, file: str = "") -> Model | tuple[Finding, ...]:
    """``value`` (from JSON or a form) as ``model``, or every finding about it."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        return findings_of(error, model, file)


def parse_text(model: type[Model], text: str, file: str = "") -> Model | tuple[Finding, ...]:
    """A file's text as ``model``, or every finding about it, strict JSON's own included."""
    try:
        value = read_strict_json(text)
    except JsonProblem as problem:
        found = text[:60]
        return (
            Finding(
                CHECK, Status.FAILED, problem.message, file, problem.pointer, problem.remedy, found, problem.allowed
            ),
        )
    return parse_value(model, value, file)
