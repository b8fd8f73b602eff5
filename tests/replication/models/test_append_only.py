"""What was accepted and what was audited never changes."""

import pytest

from replication.models import AuditEvent, Revision
from tests.replication.conftest import Stage


def test_revision__saved_again__is_a_defect(stage: Stage) -> None:
    revision = Revision.objects.all()[0]
    revision.title = "rewritten"

    with pytest.raises(TypeError):
        revision.save()


def test_audit_event__saved_again_or_deleted__is_a_defect(stage: Stage) -> None:
    event = AuditEvent.objects.all()[0]

    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
