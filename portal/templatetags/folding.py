"""`{% fold list "name" 25 as part %}`: what is shown of a long list; `components/fold.html` says the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.http import QueryDict
from django.template import Context
from django.utils.text import slugify

from portal.presenters.folding import Part
from portal.presenters.folding import fold as folded

register = template.Library()


@register.simple_tag(takes_context=True)
def fold(context: Context, items: Sequence[Any], name: str, first: int = 25, which: str = "") -> Part:
    """The part of `items` that the address of the page asks for; `which`: "newest" shows the last ones."""
    request = getattr(context, "request", None)
    query = request.GET if request is not None else QueryDict()
    return folded(items or (), slugify(name) or "list", query, first=first, newest=which == "newest")
