"""The table of create-only properties against the resource schemas that cfn-lint brings."""

import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

from deploy_engine.diffing.create_only import BEYOND_THE_SCHEMAS, CREATE_ONLY
from deploy_engine.rendering import render
from tests.engine.example_company import example_subjects


def test_create_only__every_type_that_templates_have__is_in_the_table() -> None:
    rendered = (render(subject).template["Resources"] for subject in example_subjects())
    assert set(CREATE_ONLY) == {resource["Type"] for resources in rendered for resource in resources.values()}


@pytest.mark.parametrize("kind", sorted(CREATE_ONLY))
def test_create_only__the_properties_of_a_type__are_those_of_its_schema(kind: str) -> None:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-west-1", kind).schema
    names = {path.removeprefix("/properties/") for path in schema.get("createOnlyProperties", ())}
    top_level = {name for name in names if "/" not in name}
    assert CREATE_ONLY[kind] - BEYOND_THE_SCHEMAS.get(kind, frozenset()) == top_level
