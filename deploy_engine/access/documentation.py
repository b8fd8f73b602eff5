"""``docs/iam.md``: the three roles as a page for people, of an invented environment.

Written by ``python -m deploy_engine.access > docs/iam.md``; a test holds that the page is current.
"""

from __future__ import annotations

from collections.abc import Iterator

from deploy_engine.access.external_id import external_id
from deploy_engine.access.roles import ROLES, SESSION_SECONDS
from deploy_engine.access.statement import Place, Statement
from deploy_engine.config import EnvironmentFile

_ACCOUNT = "123456789012"
EXAMPLE = Place(
    "production",
    EnvironmentFile.model_validate(
        {
            "account": _ACCOUNT,
            "region": "eu-west-1",
            "lake_bucket": "example-lake",
            "templates_bucket": "example-templates",
            "network": {
                "vpc": "vpc-0123456789abcdef0",
                "subnets": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
            },
            "roles": {
                "planner": f"arn:aws:iam::{_ACCOUNT}:role/sluice-planner",
                "deployer": f"arn:aws:iam::{_ACCOUNT}:role/sluice-deployer",
                "cloudformation": f"arn:aws:iam::{_ACCOUNT}:role/sluice-cloudformation",
            },
            "allowed_host_suffixes": [],
        }
    ),
)

_INTRODUCTION = f"""\
# What Sluice may do in AWS

Three roles per environment, named in its `environment.json` and made by whoever owns the account. This page shows them
for an invented environment `production`; `python -m deploy_engine policies DIR --env E [--trusted ARN]` prints those of
a real one as JSON, each with its trust and its permissions as `iam create-role` and `iam put-role-policy` take them.
This page is written by `python -m deploy_engine.access > docs/iam.md`.

- **planner** reads. Checks, plans, the observer and the table picker act in it; it makes no call that changes anything.
- **deployer** acts in deployments: it stops, starts and tags tasks, puts templates, makes and executes change sets.
- **cloudformation** is what CloudFormation acts in when it changes Sluice's stacks. Nobody else may assume it.

Planner and deployer are assumed by the portal (`--trusted`, the ARN of whom it runs as), for at most
{SESSION_SECONDS // 60} minutes, with the external id `{external_id(EXAMPLE.file)}` (account and region): a portal that
was pointed at another environment's role is refused. The portal lists a source's tables only through a secret whose
name ends in `-catalogue`.

What these policies cannot say: DMS invents the ARNs of tasks, endpoints and instances, so where others use DMS in the
same account and region, its statements reach theirs too; and whoever may change a stack may give a role in it any
permission. Where that matters, use an account of its own, give the `cloudformation` role a permissions boundary, and
refuse deletion in the lake's own bucket policy.

The policies are held against the calls that are really made: the local AWS refuses planner and deployer what their
policies do not allow, and tests compare both ways, that no permission is missing and none is unused. The actions of
`cloudformation` come from the schemas of the resource types in the templates; of these the local AWS looks at the main
action of each act only, and not at the resource. None of this was tried against a real account.
"""


def _points(statement: Statement) -> Iterator[str]:
    yield "May: " + ", ".join(f"`{action}`" for action in statement.actions)
    yield "On: " + ", ".join(f"`{resource}`" for resource in statement.resources)
    for operator, keys in statement.conditions.items():
        for key, value in keys.items():
            yield f"Only where `{key}` {operator} `{value}`"


def _section(statement: Statement) -> str:
    points = [
        point.replace("May:", "May never:") if statement.effect == "Deny" else point for point in _points(statement)
    ]
    return f"### {statement.sid}\n\n{statement.why[:1].upper()}{statement.why[1:]}.\n\n" + "".join(
        f"- {point}\n" for point in points
    )


def access_page() -> str:
    """The page, as Markdown."""
    sections = [
        f"## {key}\n\n" + "\n".join(_section(statement) for statement in statements(EXAMPLE))
        for key, statements in ROLES.items()
    ]
    return _INTRODUCTION + "\n" + "\n".join(sections)
