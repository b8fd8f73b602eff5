"""The meters before approval, at the limit and one above."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deploy_engine.checks.limits import MAPPINGS_BYTES, RESOURCES, TEMPLATE_BYTES, LimitMeter

LIMITS = {"the template": TEMPLATE_BYTES, "one task's mappings": MAPPINGS_BYTES, "resources": RESOURCES}


@pytest.mark.parametrize("limit", LIMITS.values(), ids=LIMITS)
def test_meter__at_the_limit__is_full_and_one_more_is_over(limit: int) -> None:
    full = LimitMeter("Size", limit, limit, "bytes", "split the task")
    assert full.nearly_full
    assert not full.over
    assert replace(full, value=limit + 1).over
    assert not replace(full, value=limit * 8 // 10 - 1).nearly_full


def test_limits__all_three__are_as_aws_documents_them() -> None:
    assert (TEMPLATE_BYTES, MAPPINGS_BYTES, RESOURCES) == (1_000_000, 2_000_000, 500)
