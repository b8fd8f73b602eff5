"""What the config language accepts, as hypothesis strategies: all allowed characters, and adversaries."""

from hypothesis import strategies as st

from deploy_engine.config import Delivery, TableEntry, TaskFile, TaskSettings

team_slugs = st.from_regex(r"[a-z][a-z0-9]{1,19}", fullmatch=True).filter(lambda slug: slug not in {"base", "sluice"})
slugs = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,5}){0,3}", fullmatch=True)
table_names = st.one_of(
    st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,62}", fullmatch=True),
    st.text("ab_-", min_size=1, max_size=4).filter(lambda name: not name.startswith("-")),
)
versions = st.datetimes().map(lambda moment: f"v{moment.year:04}{moment:%m%d%H%M}")
settings = st.none() | st.builds(
    TaskSettings,
    max_full_load_sub_tasks=st.none() | st.integers(1, 49),
    lob_max_size=st.none() | st.integers(1, 102_400),
    commit_rate=st.none() | st.integers(1, 50_000),
    memory_limit_total=st.none() | st.integers(256, 65_536),
)


@st.composite
def tasks(draw: st.DrawFn, *, source: str = "fooddb") -> TaskFile:
    """A task with tables of one source, each table once."""
    tables = draw(st.lists(st.tuples(table_names, table_names), unique=True, max_size=6))
    entries = tuple(
        TableEntry(source=f"{source}/{schema}/{table}", version=draw(versions), paused=draw(st.booleans()))
        for schema, table in tables
    )
    return TaskFile(
        source=source,
        instance="main",
        delivery=draw(st.sampled_from(Delivery)),
        paused=draw(st.booleans()),
        settings=draw(settings),
        tables=entries,
    )
