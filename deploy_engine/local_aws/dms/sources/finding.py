"""Which source a task has: the PostgreSQL that its endpoint's secret leads to, else an invented one.

A secret leads to a database when it holds host, port, username and password, unless it says that the source is
``synthetic``. Which kind it was at the task's first start is settled for its life: a real table's folder must never
get invented rows because of a secret that was changed.
"""

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from deploy_engine.local_aws.dms.sources.postgres.address import Address
from deploy_engine.local_aws.dms.sources.postgres.source import PostgresSource
from deploy_engine.local_aws.dms.sources.source import Source, SourceUnreachableError
from deploy_engine.local_aws.dms.sources.synthetic import SyntheticSource

if TYPE_CHECKING:
    from deploy_engine.local_aws.dms.state import Endpoint, Task
    from deploy_engine.local_aws.world import Region

POSTGRES, SYNTHETIC = "postgres", "synthetic"
ENGINES = frozenset({"postgres", "aurora-postgresql"})


def source_of(region: "Region", task: "Task") -> Source:
    """Return the source of a task; raises SourceUnreachableError when its real source's secret cannot be read."""
    endpoint = region.dms.endpoints[task.source_arn]
    address = address_of(region, endpoint) if task.source_kind != SYNTHETIC else None
    if task.source_kind is None:
        task.source_kind = SYNTHETIC if address is None else POSTGRES
    if task.source_kind == SYNTHETIC:
        return SyntheticSource(region.world.sources.at(_secret_name(endpoint)), region.timings)
    if address is None:
        raise SourceUnreachableError(f"The secret {_secret_name(endpoint)} leads to no PostgreSQL database.")
    return PostgresSource(region.world.databases, address)


def address_of(region: "Region", endpoint: "Endpoint") -> Address | None:
    """Return where a source endpoint's database is, or None for an invented one."""
    if endpoint.engine not in ENGINES:
        return None
    try:
        text = region.side.client("secretsmanager").get_secret_value(SecretId=_secret_name(endpoint))["SecretString"]
        secret: Any = json.loads(text)
    except (ClientError, KeyError, ValueError):
        return None
    if not isinstance(secret, dict) or secret.get("synthetic"):
        return None
    if not all(secret.get(key) for key in ("host", "port", "username", "password")):
        return None
    return Address(
        str(secret["host"]),
        str(secret["port"]),
        endpoint.database or "postgres",
        str(secret["username"]),
        str(secret["password"]),
    )


def _secret_name(endpoint: "Endpoint") -> str:
    return str(endpoint.settings.get("SecretsManagerSecretId", endpoint.identifier))
