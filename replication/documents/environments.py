"""Environments as rows and as the config language's files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from deploy_engine.config import EnvironmentConfig, EnvironmentFile, TeamConfig
from replication.models import Environment


def environment_file_of(environment: Environment) -> EnvironmentFile:
    """The file that the row stands for."""
    return EnvironmentFile.model_validate(
        {
            "account": environment.account,
            "region": environment.region,
            "lake_bucket": environment.lake_bucket,
            "templates_bucket": environment.templates_bucket,
            "network": {"vpc": environment.network_vpc, "subnets": environment.network_subnets},
            "roles": {
                "planner": environment.role_planner,
                "deployer": environment.role_deployer,
                "cloudformation": environment.role_cloudformation,
            },
            "allowed_host_suffixes": environment.allowed_host_suffixes,
            "endpoint_url": environment.endpoint_url or None,
        }
    )


def environment_values(file: EnvironmentFile) -> dict[str, Any]:
    """The row's columns that the file decides."""
    return {
        "account": file.account,
        "region": file.region,
        "lake_bucket": file.lake_bucket,
        "templates_bucket": file.templates_bucket,
        "network_vpc": file.network.vpc,
        "network_subnets": list(file.network.subnets),
        "role_planner": file.roles.planner,
        "role_deployer": file.roles.deployer,
        "role_cloudformation": file.roles.cloudformation,
        "allowed_host_suffixes": list(file.allowed_host_suffixes),
        "endpoint_url": file.endpoint_url or "",
    }


def environment_config_of(
    environment: Environment, teams: Iterable[TeamConfig], file: EnvironmentFile | None = None
) -> EnvironmentConfig:
    """The environment with its teams; `file` stands in for the row where a base change is judged."""
    return EnvironmentConfig(
        environment.name, file or environment_file_of(environment), {team.slug: team for team in teams}
    )
