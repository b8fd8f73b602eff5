"""The filters above the list of tables; they live in the address, so that a view can be passed on."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from replication.choices import Delivery
from replication.models import TableEntry, Team
from replication.selectors.health import TableState, table_state_query


class TableFilters(django_filters.FilterSet):  # type: ignore[misc]  # the package has no types
    """Narrow the tables of one environment. A word that a filter does not know is an error beside its field."""

    q = django_filters.CharFilter(
        method="by_words", label="Name", widget=forms.TextInput(attrs={"placeholder": "source/schema/table"})
    )
    team = django_filters.ModelChoiceFilter(
        field_name="task__setup__team",
        queryset=Team.objects.all(),
        to_field_name="slug",
        label="Team",
        empty_label="All teams",
    )
    task = django_filters.CharFilter(field_name="task__name", label="Task")
    state = django_filters.ChoiceFilter(
        method="by_state",
        choices=[(state.value, state.label) for state in TableState],
        label="State",
        empty_label="All states",
    )
    delivery = django_filters.ChoiceFilter(
        field_name="task__delivery", choices=Delivery.choices, label="Delivery", empty_label="Any pace"
    )

    class Meta:
        model = TableEntry
        fields: list[str] = []

    def by_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Every word, split at slashes, dots and spaces, stands in the source, the schema or the table."""
        for word in value.replace("/", " ").replace(".", " ").split():
            rows = rows.filter(
                Q(source_slug__icontains=word) | Q(schema_name__icontains=word) | Q(table_name__icontains=word)
            )
        return rows

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """The same rule as the badge beside each table."""
        return rows.filter(table_state_query(TableState(value)))
