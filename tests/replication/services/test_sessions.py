"""Sign-ins in the record."""

from replication.choices import AuditKind
from replication.models import AuditEvent
from replication.services.sessions import session_closed, session_opened, session_refused
from tests.replication.conftest import Stage


def test_session__opened_and_closed__tells_who(stage: Stage) -> None:
    session_opened(user=stage.people.member)
    session_closed(user=stage.people.member)

    told = AuditEvent.objects.filter(actor=stage.people.member).values_list("kind", "sentence").order_by("id")
    assert list(told) == [
        (AuditKind.SIGNED_IN, "Mia Example signed in."),
        (AuditKind.SIGNED_OUT, "Mia Example signed out."),
    ]


def test_session_refused__a_name_that_does_not_exist__is_not_written_down(stage: Stage) -> None:
    session_refused(username="correct horse battery staple")

    event = AuditEvent.objects.get(kind=AuditKind.SIGN_IN_REFUSED)
    assert "horse" not in f"{event.sentence}{event.data}"


def test_session_refused__a_name_that_exists__is_named(stage: Stage) -> None:
    name = stage.people.member.get_username()
    session_refused(username=name)

    assert AuditEvent.objects.get(kind=AuditKind.SIGN_IN_REFUSED).data == {"user": name}
