"""What somebody changed in a form, counted from what the form showed and not from what is there by now."""

from __future__ import annotations

from django import forms


def changed_as_shown(form: forms.Form, key: str) -> bool:
    """Whether a value is another one than the form showed: what others changed since then is nobody's edit here.

    What was shown travels with the form (`show_hidden_initial`); without it, the form's own beginning counts.
    """
    bound = form[key]
    if bound.field.disabled:
        return False
    if bound.html_initial_name in form.data:
        return key in form.changed_data
    return bool(bound.field.has_changed(bound.initial, bound.data))
