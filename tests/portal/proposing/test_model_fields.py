"""Form fields made from the config language's models."""

from __future__ import annotations

import pytest
from django import forms
from pydantic import BaseModel

from deploy_engine.config import Instance, Source, TaskSettings
from portal.web.changes.proposing.model_fields import LABELS, model_fields


@pytest.mark.parametrize("model", [Source, Instance, TaskSettings])
def test_model_fields__each_model_of_the_forms__gives_every_key_a_field_with_a_label(model: type[BaseModel]) -> None:
    fields = model_fields(model)
    assert list(fields) == [field.alias or name for name, field in model.model_fields.items()]
    assert [key for key in fields if key not in LABELS] == []


def test_model_fields__a_number_with_bounds__holds_and_says_them() -> None:
    field = model_fields(Source)["loads_at_once"]
    assert isinstance(field, forms.IntegerField)
    assert (field.min_value, field.max_value, field.required) == (1, 49, True)
    assert field.help_text == "Cap on parallel SELECTs over all of its tasks; 1 to 49"


def test_model_fields__an_optional_number__keeps_its_bounds_and_may_be_empty() -> None:
    field = model_fields(TaskSettings)["memory_limit_total"]
    assert isinstance(field, forms.IntegerField)
    assert (field.min_value, field.max_value, field.required) == (256, 65536, False)


def test_model_fields__choices__are_the_models_and_an_optional_one_can_be_unset() -> None:
    engine, logging = (
        model_fields(Source)["engine"],
        model_fields(TaskSettings, unset="the default")["logging_severity"],
    )
    assert isinstance(engine.widget, forms.Select)
    assert isinstance(logging.widget, forms.Select)
    assert list(engine.widget.choices) == [(value, value) for value in ("mysql", "mariadb", "postgres")]
    assert ("", "the default") in logging.widget.choices


def test_model_fields__true_or_false__is_a_tick() -> None:
    assert isinstance(model_fields(Instance)["multi_az"], forms.BooleanField)
