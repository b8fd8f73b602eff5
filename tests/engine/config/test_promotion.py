"""What promoting copies, and what stays the target's own."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from deploy_engine.config import (
    EMPTY_LEDGER,
    DatabaseEngine,
    Delivery,
    Instance,
    Ledger,
    Source,
    TableEntry,
    TaskFile,
    TaskSettings,
    TeamDocument,
    TeamFile,
    VersionState,
    document_to_json,
    kept_values,
    newcomers,
    promote,
    team_document_from_json,
    version_time,
)
from tests.engine import strategies

NOW = datetime(2026, 3, 4, 5, 6, 30, tzinfo=UTC)
NOW_VERSION = "v202603040506"
BARCODES, BRANDS = "fooddb/food/barcodes", "fooddb/food/brands"


def _team(secret: str = "sluice/food/fooddb", instance_class: str = "dms.t3.medium", **names: str) -> TeamFile:  # noqa: S107 - a name
    return TeamFile(
        title="Food",
        contacts=("food@example.com",),
        alert_channel="food@example.com",
        sources={
            names.get("source", "fooddb"): Source(
                engine=DatabaseEngine.MYSQL, secret=secret, log_retention_hours=72, loads_at_once=8
            )
        },
        instances={
            names.get("instance", "main"): Instance.model_validate(
                {"class": instance_class, "storage_gb": 50, "engine_version": "3.5.4", "multi_az": False}
            )
        },
    )


def _task(*entries: TableEntry, **values: object) -> TaskFile:
    base = {"source": "fooddb", "instance": "main", "delivery": "10min", "paused": False}
    return TaskFile.model_validate({**base, **values, "tables": entries})


def _document(team: TeamFile | None = None, **tasks: TaskFile) -> TeamDocument:
    return TeamDocument(team=team or _team(), tasks=tasks)


def _entry(source: str, version: str = "v202001010000", *, paused: bool = False) -> TableEntry:
    return TableEntry(source=source, version=version, paused=paused)


@st.composite
def documents(draw: st.DrawFn) -> TeamDocument:
    names = draw(st.lists(st.sampled_from(["one", "two", "three"]), unique=True))
    table = st.builds(
        TableEntry,
        source=st.sampled_from([BARCODES, BRANDS, "fooddb/food/nuts"]),
        version=strategies.versions,
        paused=st.booleans(),
    )
    tasks = {
        name: _task(
            *draw(st.lists(table, unique_by=lambda entry: entry.source)),
            delivery=draw(st.sampled_from(Delivery)),
            paused=draw(st.booleans()),
            settings=draw(strategies.settings),
        )
        for name in sorted(names)
    }
    return _document(_team(secret=draw(st.sampled_from(["sluice/food/a", "sluice/food/b"]))), **tasks)


ledgers = st.dictionaries(
    st.sampled_from([BARCODES, BRANDS]),
    st.dictionaries(strategies.versions.filter(lambda version: version < "v9999"), st.just(VersionState.RETIRED)),
).map(Ledger)


def _earlier(identity: str, target: TeamDocument | None, ledger: Ledger) -> list[str]:
    own = [entry.version for _, entry in target.entries if entry.source == identity] if target is not None else []
    return [*own, *ledger.versions(identity)]


@settings(max_examples=60, deadline=None)
@given(
    documents(),
    st.none() | documents().filter(lambda document: all(e.version < "v9999" for _, e in document.entries)),
    ledgers,
)
def test_promote__any_documents__holds_its_word(
    source: TeamDocument, target: TeamDocument | None, ledger: Ledger
) -> None:
    promoted = promote(source, target, ledger=ledger, now=NOW)
    # it fits the language, and doing it again, even later, is nothing to do
    assert team_document_from_json(document_to_json(promoted)) == promoted
    later = ledger.after(entry for _, entry in promoted.entries)
    assert promote(source, promoted, ledger=later, now=NOW.replace(year=2027)) == promoted
    # the set of tables and the shape are the source's
    assert {(task, entry.source) for task, entry in promoted.entries} == {
        (task, entry.source) for task, entry in source.entries
    }
    assert {name: (task.source, task.delivery) for name, task in promoted.tasks.items()} == {
        name: (task.source, task.delivery) for name, task in source.tasks.items()
    }
    # what the target had, it keeps; what is new lies above all that was
    own = {(task, entry.source): entry for task, entry in target.entries} if target is not None else {}
    for task, entry in promoted.entries:
        if (task, entry.source) in own:
            assert entry == own[task, entry.source]
        else:
            assert version_time(entry.version) >= NOW.replace(second=0)
            assert all(entry.version > version for version in _earlier(entry.source, target, ledger))
    folders = [(entry.source, entry.version) for key, entry in promoted.entries if (key, entry.source) not in own]
    assert len(folders) == len(set(folders))
    if target is not None:
        assert promoted.team == target.team
        for name in set(promoted.tasks) & set(target.tasks):
            assert promoted.tasks[name].paused == target.tasks[name].paused


def test_promote__a_new_table_of_a_task__comes_under_a_version_of_now() -> None:
    source = _document(food=_task(_entry(BARCODES, "v202511111111"), _entry(BRANDS, "v202512121212")))
    target = _document(food=_task(_entry(BARCODES)))
    assert promote(source, target, now=NOW).tasks["food"].tables == (_entry(BARCODES), _entry(BRANDS, NOW_VERSION))


def test_promote__a_table_that_the_target_had_before__comes_above_its_old_versions() -> None:
    ledger = Ledger({BRANDS: {"v203001010000": VersionState.RETIRED}})
    promoted = promote(_document(food=_task(_entry(BRANDS))), _document(food=_task()), ledger=ledger, now=NOW)
    assert promoted.entries == (("food", _entry(BRANDS, "v203001010001")),)


def test_promote__tables_and_tasks_that_the_source_lacks__go() -> None:
    target = _document(food=_task(_entry(BARCODES), _entry(BRANDS)), old=_task(_entry("fooddb/food/nuts")))
    promoted = promote(_document(food=_task(_entry(BRANDS))), target, now=NOW)
    assert [(name, entry.source) for name, entry in promoted.entries] == [("food", BRANDS)]
    assert list(promoted.tasks) == ["food"]


def test_promote__sizes_pauses_and_secrets__stay_the_targets_own() -> None:
    source = _document(
        _team("sluice/food/small"),
        food=_task(_entry(BARCODES), settings={"commit_rate": 100, "lob_max_size": 64}, delivery="1min"),
    )
    own = _team("sluice/food/large", "dms.r5.large")
    target = _document(own, food=_task(_entry(BARCODES, paused=True), paused=True, settings={"commit_rate": 9000}))
    promoted = promote(source, target, now=NOW)
    task = promoted.tasks["food"]
    assert promoted.team == own
    assert (task.paused, task.tables, task.delivery) == (True, target.tasks["food"].tables, Delivery.ONE_MINUTE)
    assert task.settings == TaskSettings(commit_rate=9000, lob_max_size=64)


def test_promote__a_setting_that_the_source_gave_up__leaves_no_empty_settings() -> None:
    target = _document(food=_task(settings={"lob_max_size": 64}))
    assert promote(_document(food=_task()), target, now=NOW).tasks["food"].settings is None


def test_promote__the_same_table_new_in_two_tasks__gets_two_versions_in_the_sources_order() -> None:
    source = _document(new=_task(_entry(BARCODES, "v202502020000")), old=_task(_entry(BARCODES, "v202401010000")))
    promoted = promote(source, None, now=NOW)
    assert [(name, entry.version) for name, entry in promoted.entries] == [
        ("new", "v202603040507"),
        ("old", NOW_VERSION),
    ]


def test_promote__a_team_that_is_new_there__brings_its_sources_and_instances() -> None:
    source = _document(food=_task(_entry(BARCODES, paused=True)))
    promoted = promote(source, None, ledger=EMPTY_LEDGER, now=NOW)
    assert promoted.team == source.team
    assert promoted.entries == (("food", _entry(BARCODES, NOW_VERSION, paused=True)),)
    assert newcomers(source, None).sources == ("fooddb",)


def test_newcomers__an_instance_that_only_a_known_task_uses__stays_behind() -> None:
    source = _document(_team(instance="large"), food=_task(instance="large"))
    target = _document(food=_task())
    found = newcomers(source, target)
    assert (found.sources, found.instances) == ((), ())
    assert promote(source, target, now=NOW).tasks["food"].instance == "main"


def test_kept_values__what_differs_and_stays__is_told_by_place() -> None:
    source = _document(
        _team("sluice/food/small"), food=_task(_entry(BARCODES, "v202512120000"), settings={"commit_rate": 5})
    )
    target = _document(_team("sluice/food/large", "dms.r5.large"), food=_task(_entry(BARCODES), paused=True))
    assert [(kept.place, kept.source, kept.target) for kept in kept_values(source, target)] == [
        ("sources/fooddb/secret", "sluice/food/small", "sluice/food/large"),
        ("instances/main/class", "dms.t3.medium", "dms.r5.large"),
        ("tasks/food/paused", "no", "yes"),
        ("tasks/food/settings/commit_rate", "5", ""),
        ("tasks/food/fooddb/food/barcodes/version", "v202512120000", "v202001010000"),
    ]
