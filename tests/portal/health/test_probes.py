"""Each probe answers instead of raising, whatever state its part is in."""

from datetime import UTC, datetime, timedelta

import fakeredis
import pytest
import redis

from portal.health import probes
from portal.health.heartbeat import HEARTBEAT_KEY
from replication.choices import WatchdogPart
from replication.models import SignOfLife
from replication.services.signs_of_life import sign_of_life_give


class _AbsentBroker(fakeredis.FakeRedis):
    def execute_command(self, *args: object, **options: object) -> object:
        message = "nobody listens"
        raise redis.ConnectionError(message)


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> fakeredis.FakeRedis:
    client = fakeredis.FakeRedis(decode_responses=True)
    monkeypatch.setattr(probes, "broker_client", lambda: client)
    return client


@pytest.fixture
def absent_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "broker_client", _AbsentBroker)


@pytest.mark.django_db
def test_database__reachable__works() -> None:
    assert probes.database().works


@pytest.mark.usefixtures("broker")
def test_broker__reachable__works() -> None:
    assert probes.broker().works


@pytest.mark.usefixtures("absent_broker")
def test_broker__absent__says_so() -> None:
    answer = probes.broker()

    assert not answer.works
    assert "nobody listens" in answer.message


def test_worker__fresh_heartbeat__works(broker: fakeredis.FakeRedis) -> None:
    broker.set(HEARTBEAT_KEY, datetime.now(UTC).isoformat())

    assert probes.worker().works


def test_worker__old_heartbeat__says_how_old(broker: fakeredis.FakeRedis) -> None:
    broker.set(HEARTBEAT_KEY, (datetime.now(UTC) - timedelta(seconds=90)).isoformat())

    answer = probes.worker()

    assert not answer.works
    assert "90 s ago" in answer.message


@pytest.mark.usefixtures("broker")
def test_worker__never_seen__says_so() -> None:
    assert not probes.worker().works


@pytest.mark.usefixtures("absent_broker")
def test_worker__broker_absent__is_unknown() -> None:
    assert "Unknown" in probes.worker().message


@pytest.mark.django_db
def test_watchdog__both_parts_made_their_rounds__works_and_says_when() -> None:
    for part in WatchdogPart:
        sign_of_life_give(part=part)

    answer = probes.watchdog()

    assert answer.works
    assert answer.message == (
        "The watchdog last looked for dropped deployments 0 s ago and for tasks that stand still 0 s ago."
    )


@pytest.mark.django_db
@pytest.mark.parametrize("part", list(WatchdogPart))
def test_watchdog__one_part_is_overdue__does_not_work(part: WatchdogPart) -> None:
    for each in WatchdogPart:
        sign_of_life_give(part=each)
    row = SignOfLife.objects.get(part=part)
    row.seen_at -= timedelta(minutes=10)
    row.save()

    answer = probes.watchdog()

    assert not answer.works
    assert "600 s ago" in answer.message
    assert "overdue" in answer.message


@pytest.mark.django_db
def test_watchdog__never_ran__does_not_work() -> None:
    sign_of_life_give(part=WatchdogPart.ALARMS)

    answer = probes.watchdog()

    assert (answer.works, answer.message) == (False, "The watchdog never looked for dropped deployments.")
