"""The base of every model of the config language: strict types, no unknown keys, immutable."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class StrictModel(BaseModel):
    """Unknown keys and wrong types are errors; values never change, edits make new ones (``model_copy``)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)
