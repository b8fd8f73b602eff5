"""A rendered template: the text that CloudFormation is given, and what it says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from deploy_engine.rendering.template_language import UnsafeTemplate

__all__ = ["RenderedTemplate", "UnsafeTemplate", "written"]

_RESOLVED_BY_CLOUDFORMATION = ("{{resolve:", "${")
"""CloudFormation resolves the first in every property (secrets included), the second under ``Fn::Sub``. Sluice's
templates use neither, so they stand nowhere in a rendered one."""


_IMPORT, _EXPORTS = "Fn::ImportValue", "sluice-"
_FUNCTIONS = frozenset({"Ref", "Fn::GetAtt", _IMPORT, "Fn::Select", "Fn::Split"})
"""The functions of CloudFormation that Sluice's partials use; what is imported is what base stacks export."""


@dataclass(frozen=True)
class RenderedTemplate:
    """``text`` is deployed as it stands; ``template`` is the same parsed. Equal texts are equal templates."""

    text: str
    template: Mapping[str, Any] = field(compare=False, repr=False)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def size(self) -> int:
        """Bytes, as CloudFormation's limits count them."""
        return len(self.text.encode())


def written(template: Mapping[str, Any]) -> RenderedTemplate:
    """The one text of ``template``: a line per value, so that a diff is readable, indented by one to stay small.

    Raises :class:`UnsafeTemplate` where something in it would be resolved by CloudFormation that no partial wrote.
    """
    text = json.dumps(template, indent=1) + "\n"
    for mark in _RESOLVED_BY_CLOUDFORMATION:
        if mark in text:
            raise UnsafeTemplate(f"the rendered template holds {mark!r}, which CloudFormation would resolve")
    for function, argument in functions_in(template):
        if function not in _FUNCTIONS or (function == _IMPORT and not str(argument).startswith(_EXPORTS)):
            raise UnsafeTemplate(f"the rendered template calls {function} as no partial does")
    return RenderedTemplate(text, template)


def functions_in(value: Any) -> Iterator[tuple[str, Any]]:
    """Every call of a CloudFormation function anywhere within ``value``, with its argument."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key == "Ref" or key.startswith("Fn::"):
                yield key, item
            yield from functions_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from functions_in(item)
