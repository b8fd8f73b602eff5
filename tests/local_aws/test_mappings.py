"""TableMappings are interpreted, not guessed: `dms-facts.md` section 1."""

import json
from typing import Any

import pytest

from deploy_engine.local_aws.dms import mappings
from deploy_engine.local_aws.errors import AwsError
from tests.local_aws import templates


def _select(number: int, schema: str, table: str, action: str = "include", **more: Any) -> dict[str, Any]:
    return {
        "rule-type": "selection",
        "rule-id": str(number),
        "rule-name": f"rule-{number}",
        "object-locator": {"schema-name": schema, "table-name": table},
        "rule-action": action,
        **more,
    }


def _rename(number: int, target: str, value: str, **locator: str) -> dict[str, Any]:
    return {
        "rule-type": "transformation",
        "rule-id": str(number),
        "rule-name": f"rule-{number}",
        "rule-target": target,
        "object-locator": {name.replace("_", "-"): text for name, text in locator.items()},
        "rule-action": "rename",
        "value": value,
    }


def _parsed(*rules: dict[str, Any]) -> mappings.Mappings:
    return mappings.parse(json.dumps({"rules": rules}))


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("user_id", "user_id", True),
        ("user_id", "userXid", True),
        ("user[_]id", "user_id", True),
        ("user[_]id", "userXid", False),
        ("%", "anything", True),
        ("order%", "orders", True),
        ("order%", "Orders", False),
        ("tab[a-c]", "tabb", True),
        ("tab[a-c]", "tabd", False),
        ("a.c", "abc", False),
    ],
)
def test_matches__wildcards_and_escapes__as_dms_reads_them(pattern: str, name: str, expected: bool) -> None:
    assert mappings.matches(pattern, name) is expected


def test_load_order__table_included_then_excluded__is_left_out() -> None:
    rules = _parsed(_select(1, "shop", "%"), _select(2, "shop", "tmp%", "exclude"))
    assert rules.load_order("shop", "orders") == 0
    assert rules.load_order("shop", "tmp_orders") is None
    assert rules.load_order("other", "orders") is None


def test_load_order__explicit_selection__takes_underscores_literally() -> None:
    rules = _parsed(_select(1, "shop", "user_id", "explicit", **{"load-order": 7}))
    assert rules.load_order("shop", "user_id") == 7
    assert rules.load_order("shop", "userXid") is None


def test_target__schema_and_table_renamed__both_apply() -> None:
    rules = mappings.parse(templates.mappings("bar_codes"))
    assert rules.target("foodsearch", "bar_codes") == ("data", "fooddb_foodsearch_bar_codes_v202601010000")


def test_target__two_renames_of_one_table__lower_rule_id_wins() -> None:
    locator = {"schema_name": "shop", "table_name": "orders"}
    rules = _parsed(
        _select(1, "shop", "orders"),
        _rename(30, "table", "later", **locator),
        _rename(4, "table", "earlier", **locator),
    )
    assert rules.target("shop", "orders") == ("shop", "earlier")


def test_target__unescaped_underscore__renames_the_other_table_too() -> None:
    rules = _parsed(_select(1, "s", "%"), _rename(2, "table", "mine", schema_name="s", table_name="user_id"))
    assert rules.target("s", "userXid") == ("s", "mine")


def test_named_tables__escapes_and_wildcards__are_read_and_left_out() -> None:
    rules = _parsed(_select(1, "s", "a[_]b"), _select(2, "s", "%"), _select(3, "s", "gone", "exclude"))
    assert rules.named_tables() == [("s", "a_b")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nonsense", "not a JSON object"),
        ('{"rules": []}', "At least one selection rule"),
        (json.dumps({"rules": [_select(1, "a", "b"), _select(1, "a", "c")]}), "unique"),
        (json.dumps({"rules": [_select(1, "a", "b", "swallow")]}), "rule-action"),
        (json.dumps({"rules": [{**_select(1, "a", "b"), "filters": []}]}), "filters"),
        (json.dumps({"rules": [_select(1, "a", "b"), {**_select(2, "a", "b"), "rule-type": "magic"}]}), "magic"),
        (json.dumps({"rules": [_select(1, "a", "%", "explicit")]}), "explicit"),
        (json.dumps({"rules": [_select(1, "a", "b"), _rename(2, "column", "x", schema_name="a")]}), "rename"),
    ],
)
def test_parse__what_dms_or_the_local_aws_cannot_take__refused(text: str, words: str) -> None:
    with pytest.raises(AwsError, match=words) as refusal:
        mappings.parse(text)
    assert refusal.value.code == "InvalidParameterValueException"
