"""The template language: Jinja2 with ``<<<`` and ``>>>``, in which nothing but JSON can be written.

CloudFormation's own braces need no escaping. Templates come from this package's ``templates/`` only; text of users is
never compiled. Every expression must end in ``| json``: one without it is refused while rendering, so no name, however
hostile, can change the structure of a template.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, Undefined
from jinja2.sandbox import SandboxedEnvironment

from deploy_engine.config.physical_names import dms_name, export_name, logical_id
from deploy_engine.errors import EngineError

FOLDER = Path(__file__).parent / "templates"


class UnsafeTemplate(EngineError):
    """A template broke one of its own rules; a defect of Sluice, never of a config."""


class _Json(str):
    """Text that went through the JSON filter."""

    __slots__ = ()


def _json(value: Any) -> _Json:
    if isinstance(value, Undefined):
        raise UnsafeTemplate(f"a template asks for a value that is not there: {value._undefined_name}")
    return _Json(json.dumps(value))


def _only_json(value: Any) -> Any:
    if not isinstance(value, _Json):
        raise UnsafeTemplate("an expression of a template does not end in the JSON filter")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        keys = sorted({key for key, _ in pairs if [name for name, _ in pairs].count(key) > 1})
        raise UnsafeTemplate(f"the template has a key twice: {', '.join(keys)}")
    return value


class Templates:
    """The templates of one folder."""

    def __init__(self, folder: Path) -> None:
        self._environment = SandboxedEnvironment(
            loader=FileSystemLoader(folder),
            variable_start_string="<<<",
            variable_end_string=">>>",
            undefined=StrictUndefined,
            finalize=_only_json,
            autoescape=False,  # the output is JSON, and every value in it is written by the JSON filter
        )
        self._environment.filters["json"] = _json
        self._environment.globals.update(dms_name=dms_name, export_name=export_name, logical_id=logical_id)

    def fill(self, template: str, /, **values: Any) -> dict[str, Any]:
        """The JSON object that ``template`` makes of ``values``; raises :class:`UnsafeTemplate` where it makes none."""
        try:
            text = self._environment.get_template(template).render(**values)
            filled: dict[str, Any] = json.loads(text, object_pairs_hook=_object)
        except (TemplateError, json.JSONDecodeError) as error:
            raise UnsafeTemplate(f"{template} does not make JSON: {error}") from error
        return filled
