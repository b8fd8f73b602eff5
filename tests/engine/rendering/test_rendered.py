"""A rendered template: its bytes, and the last look at them."""

import hashlib

import pytest

from deploy_engine.rendering import UnsafeTemplate
from deploy_engine.rendering.rendered import written


def test_written__the_same_template__is_the_same_bytes() -> None:
    assert written({"A": 1, "B": {"C": ["é"]}}) == written({"A": 1, "B": {"C": ["é"]}})


def test_written__size_and_hash__are_those_of_the_bytes_that_are_sent() -> None:
    rendered = written({"Description": "Früchte"})

    assert rendered.text.isascii()
    assert rendered.size == len(rendered.text.encode())
    assert rendered.sha256 == hashlib.sha256(rendered.text.encode()).hexdigest()


@pytest.mark.parametrize("text", ["{{resolve:secretsmanager:sluice/orders/shop}}", "${AWS::AccountId}"])
@pytest.mark.parametrize("place", ["key", "value"])
def test_written__something_that_cloudformation_would_resolve__is_refused(text: str, place: str) -> None:
    template = {"Resources": {text: 1} if place == "key" else {"Name": [text]}}

    with pytest.raises(UnsafeTemplate, match="would resolve"):
        written(template)


@pytest.mark.parametrize(
    "call",
    [
        {"Fn::Sub": "x"},
        {"Fn::Transform": {"Name": "AWS::Include"}},
        {"Fn::ImportValue": "another-export"},
    ],
)
def test_written__a_function_that_no_partial_calls__is_refused(call: dict[str, object]) -> None:
    with pytest.raises(UnsafeTemplate, match="as no partial does"):
        written({"Resources": {"Topic": {"Properties": {"Names": [call]}}}})
