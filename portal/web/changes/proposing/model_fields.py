"""Form fields made from the config language's own models, so that forms and files cannot disagree.

A form only reads what was typed; whether a value fits is the model's word, which comes back beside the field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from pydantic import BaseModel

from portal.shell.shown_values import changed_as_shown

LABELS = {
    "catalogue_secret": "Secret for the table picker (optional)",
    "class": "Instance class",
    "commit_rate": "Rows per commit in a full load",
    "database": "Database",
    "engine": "Engine",
    "engine_version": "DMS engine version",
    "loads_at_once": "Loads at once",
    "lob_max_size": "Largest LOB",
    "log_retention_hours": "Log retention in hours",
    "logging_severity": "Logging",
    "max_full_load_sub_tasks": "Tables loaded at once",
    "memory_limit_total": "Memory for changes in flight",
    "multi_az": "In two availability zones",
    "secret": "Secret",
    "storage_gb": "Storage in GB",
}
"""What people call a key of the files."""
HELPS = {
    "catalogue_secret": "A second secret, of a user who may only read: with it Sluice lists the tables to pick "
    "from, and checks them. Without it their names are typed.",
    "class": "Such as dms.t3.medium; a larger one costs more by the hour, and bears more tasks",
    "engine_version": "Three numbers, such as 3.5.4",
    "multi_az": "A second machine stands by in another zone, and is paid for too",
    "secret": "Its name in Secrets Manager: DMS reads the database's host, user and password from it",
    "storage_gb": "Room for what waits in flight, and for DMS's logs",
}
"""What to know about a key beyond what the language's own description says."""
LONGEST_TEXT = 200


def model_fields(model: type[BaseModel], *, unset: str = "not set") -> dict[str, forms.Field]:
    """One field for each of the model's, by its key in the files; `unset` names the lack of an optional choice."""
    schema = model.model_json_schema(by_alias=True)
    required = set(schema.get("required", ()))
    return {
        key: _field(key, _resolved(shape, schema.get("$defs", {})), required=key in required, unset=unset)
        for key, shape in schema["properties"].items()
    }


def values_of(model: BaseModel | None) -> dict[str, Any]:
    """The values that a form of the model begins with."""
    return model.model_dump(mode="json", by_alias=True, exclude_none=True) if model is not None else {}


def labelled_values(model: BaseModel) -> dict[str, Any]:
    """The values as a page shows them, under what people call each."""
    return {LABELS.get(key, key).removesuffix(" (optional)"): value for key, value in values_of(model).items()}


def changed_values(form: forms.Form, keys: Iterable[str]) -> dict[str, Any]:
    """What somebody changed among `keys`; an emptied field is None."""
    return {key: _given(form, key) for key in keys if changed_as_shown(form, key)}


def given_values(form: forms.Form, keys: Mapping[str, forms.Field]) -> dict[str, Any]:
    """All of `keys` that have a value."""
    given = {key: _given(form, key) for key in keys}
    return {key: value for key, value in given.items() if value is not None}


def _given(form: forms.Form, key: str) -> Any:
    value = form.cleaned_data.get(key)
    return None if value == "" else value


def _resolved(shape: dict[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """The shape without references, and without the null of what is optional; what is nearer to the key wins."""
    for choice in shape.get("anyOf", ()):
        if choice.get("type") != "null":
            shape = {**choice, **{key: value for key, value in shape.items() if key != "anyOf"}}
    if "$ref" in shape:
        name = shape["$ref"].rsplit("/", 1)[-1]
        own = {key: value for key, value in shape.items() if key != "$ref"}
        shape = {**definitions[name], "description": "", **own}
    return shape


def _field(key: str, shape: dict[str, Any], *, required: bool, unset: str) -> forms.Field:
    common: dict[str, Any] = {
        "label": LABELS.get(key, key),
        "help_text": _help(key, shape),
        "show_hidden_initial": True,
    }
    if "enum" in shape:
        choices = [(value, value) for value in shape["enum"]]
        return forms.ChoiceField(**common, required=required, choices=choices if required else [("", unset), *choices])
    if shape["type"] == "boolean":
        return forms.BooleanField(**common, required=False)
    if shape["type"] == "integer":
        lowest, highest = shape.get("minimum"), shape.get("maximum")
        return forms.IntegerField(**common, required=required, min_value=lowest, max_value=highest)
    return forms.CharField(**common, required=required, max_length=LONGEST_TEXT)


def _help(key: str, shape: dict[str, Any]) -> str:
    parts = [HELPS.get(key, "") or shape.get("description", "")]
    if "minimum" in shape and "maximum" in shape:
        parts.append(f"{shape['minimum']} to {shape['maximum']}")
    words = "; ".join(part for part in parts if part)
    return f"{words[:1].upper()}{words[1:]}"
