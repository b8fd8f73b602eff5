"""Counting retired folders: some at a time, each again after a week."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from deploy_engine.config import EnvironmentFile
from deploy_engine.errors import AwsUnreachable
from deploy_engine.live import FolderSize
from replication.models import FolderCount, LedgerEntry
from replication.selectors.exports.retired import rows
from replication.selectors.retired import retired_counts
from replication.services.retired_folders import retired_folders_count
from tests.replication.conftest import Stage
from tests.replication.moments import travel

OLD = "data/fooddb_foodsearch_barcodes_v202001010000/"


@dataclass
class _Lake:
    """A lake: what lies under each prefix, or an AWS that does not answer. It remembers what it was asked."""

    sizes: dict[str, FolderSize] | None
    asked: list[str] = field(default_factory=list)

    def folder_size(self, bucket: str, prefix: str, *, most_objects: int) -> FolderSize:
        if self.sizes is None:
            raise AwsUnreachable("nobody answers")
        self.asked.append(f"{bucket}/{prefix}")
        return self.sizes.get(prefix, FolderSize(0, 0))

    @contextmanager
    def opened(self, file: EnvironmentFile) -> Iterator[_Lake]:
        yield self


def _count(stage: Stage, lake: _Lake) -> int:
    return retired_folders_count(environment_id=stage.environment.pk, open_folders=lake.opened)


def test_count__a_retired_folder__is_kept_with_its_time_and_counted_again_after_a_week(stage: Stage) -> None:
    lake = _Lake({OLD: FolderSize(3, 4096, cut=True)})
    assert (_count(stage, lake), _count(stage, lake)) == (1, 0)
    assert lake.asked == [f"example-lake/{OLD}"]
    (count,) = retired_counts()
    assert (count.size, count.counted, count.uncounted, count.cut) == (4096, 1, 0, True)
    (row,) = rows()
    assert (row.objects, row.bytes, row.there_is_more) == (3, 4096, True)

    with travel(timezone.now() + timedelta(days=8)):
        assert _count(stage, _Lake({})) == 1
    assert FolderCount.objects.get().objects_counted == 0


def test_count__aws_does_not_answer__keeps_what_was_known(stage: Stage) -> None:
    assert _count(stage, _Lake(None)) == 0
    assert not FolderCount.objects.exists()
    (row,) = rows()
    assert (row.bytes, row.counted_at) == (None, None)


def test_count__more_folders_than_time__leaves_the_rest_to_the_next_pass(stage: Stage) -> None:
    setup = LedgerEntry.objects.filter(identity="fooddb/foodsearch/barcodes")[0].setup
    for number in range(3):
        version = f"v20190101000{number}"
        LedgerEntry.objects.create(setup=setup, identity="fooddb/foodsearch/brands", version=version, state="retired")
    times = iter(range(0, 1000, 20))
    lake = _Lake({})

    counted = retired_folders_count(
        environment_id=stage.environment.pk, open_folders=lake.opened, clock=lambda: float(next(times))
    )

    assert counted == 1
    assert _count(stage, lake) == 3
    assert len(set(lake.asked)) == 4
