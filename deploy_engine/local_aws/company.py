"""Creates what a company has before Sluice comes, from its config repository: network, buckets, secrets and roles.

The files are read as plain JSON (`docs/config.md`), and a key that is missing here makes a smaller company, not an
error; the product's own checks say what is wrong with a config. The one thing that is taken from the product are the
policies of its roles, of an environment that fits the language: what they do not allow fails here as it would on AWS.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from deploy_engine.access import Place, RoleDocuments, role_documents
from deploy_engine.config import EnvironmentFile, parse_value
from deploy_engine.local_aws.side import network
from deploy_engine.local_aws.world import World

DMS_ROLES = ("dms-vpc-role", "dms-cloudwatch-logs-role")
HERE = "http://127.0.0.1"
PORTS = {"postgres": 5432, "mysql": 3306, "mariadb": 3306}
ALREADY = frozenset(
    {"EntityAlreadyExists", "BucketAlreadyOwnedByYou", "BucketAlreadyExists", "ResourceExistsException"}
)


@dataclass(frozen=True)
class Company:
    """What the config of one environment names."""

    account: str
    region: str
    buckets: tuple[str, ...]
    vpc: str
    subnets: tuple[str, ...]
    roles: tuple[str, ...]
    secrets: dict[str, dict[str, Any]] = field(default_factory=dict)
    documents: dict[str, RoleDocuments] = field(default_factory=dict)
    """Trust and policies of the roles, by their ARNs."""


def read(directory: Path, environment: str) -> Company:
    """Read an environment of a config repository; raises OSError or ValueError when it cannot be read."""
    folder = directory / "environments" / environment
    body = json.loads((folder / "environment.json").read_text("utf-8"))
    secrets: dict[str, dict[str, Any]] = {}
    for team in sorted(folder.glob("teams/*/team.json")):
        for source in json.loads(team.read_text("utf-8")).get("sources", {}).values():
            for key in ("secret", "catalogue_secret"):
                if source.get(key):
                    secrets[source[key]] = _secret(source, key)
    network_body = body.get("network", {})
    return Company(
        account=str(body["account"]),
        region=str(body["region"]),
        buckets=tuple(name for name in (body.get("lake_bucket"), body.get("templates_bucket")) if name),
        vpc=str(network_body.get("vpc", "")),
        subnets=tuple(network_body.get("subnets", [])),
        roles=tuple(body.get("roles", {}).values()),
        secrets=secrets,
        documents=_documents(environment, body),
    )


def _documents(name: str, body: dict[str, Any]) -> dict[str, RoleDocuments]:
    """The policies of any environment's roles as they are of a local one: its templates lie here too."""
    file = parse_value(EnvironmentFile, {**body, "endpoint_url": HERE})
    if not isinstance(file, EnvironmentFile):
        return {}
    return {role.arn: role for role in role_documents(Place(name, file)).values()}


def prepare(world: World, company: Company) -> None:
    """Create everything that is not there yet."""
    side = world.region(company.region).side
    for bucket in company.buckets:
        _once(
            side.client("s3").create_bucket,
            Bucket=bucket,
            CreateBucketConfiguration={"LocationConstraint": company.region},
        )
    if company.vpc:
        network.create(world.account, company.region, company.vpc, company.subnets)
    for name in DMS_ROLES:
        _create_role(side.client("iam"), f"/{name}", "dms.amazonaws.com")
    for arn in company.roles:
        principal = "cloudformation.amazonaws.com" if "cloudformation" in arn else None
        _create_role(side.client("iam"), arn.partition(":role")[2], principal)
    for role in company.documents.values():
        _give(side.client("iam"), role)
    world.statements.clear()
    for name, content in company.secrets.items():
        _once(side.client("secretsmanager").create_secret, Name=name, SecretString=json.dumps(content))


def put_secrets(world: World, region: str, contents: dict[str, dict[str, Any]]) -> None:
    """Let secrets hold ``contents``, whatever they held: this is how a source comes to be a real database."""
    client = world.region(region).side.client("secretsmanager")
    for name, content in contents.items():
        text = json.dumps(content)
        _once(client.create_secret, Name=name, SecretString=text)
        client.put_secret_value(SecretId=name, SecretString=text)


def _secret(source: dict[str, Any], key: str) -> dict[str, Any]:
    """Return what stands in a source's secret: it leads nowhere, and says so."""
    engine = str(source.get("engine", ""))
    return {
        "username": "dms" if key == "secret" else "catalogue",
        "password": "local-aws",
        "host": "127.0.0.1",
        "port": PORTS.get(engine, 0),
        "synthetic": True,
    }


def _create_role(iam: Any, path_and_name: str, service: str | None) -> None:
    path, _, name = path_and_name.rpartition("/")
    principal = {"Service": service} if service else {"AWS": "*"}
    actions = "sts:AssumeRole" if service else ["sts:AssumeRole", "sts:TagSession"]
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": principal, "Action": actions}],
    }
    _once(iam.create_role, RoleName=name, Path=f"{path}/", AssumeRolePolicyDocument=json.dumps(trust))


def _give(iam: Any, role: RoleDocuments) -> None:
    """Let a role trust and allow what its documents say, whatever it did before."""
    name = role.arn.rpartition("/")[2]
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(role.trust))
    iam.put_role_policy(RoleName=name, PolicyName="sluice", PolicyDocument=json.dumps(role.policy))


def _once(create: Any, **arguments: Any) -> None:
    """Create something; that it is there already is fine."""
    try:
        create(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ALREADY:
            raise
