"""A small company as files: one environment, two teams, three tables."""

from __future__ import annotations

import json
from typing import Any

ENVIRONMENT: dict[str, Any] = {
    "account": "111122223333",
    "region": "eu-central-1",
    "lake_bucket": "example-lake",
    "templates_bucket": "example-templates",
    "network": {"vpc": "vpc-0123456789abcdef0", "subnets": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]},
    "roles": {
        "planner": "arn:aws:iam::111122223333:role/planner",
        "deployer": "arn:aws:iam::111122223333:role/deployer",
        "cloudformation": "arn:aws:iam::111122223333:role/cloudformation",
    },
    "allowed_host_suffixes": [],
}


def team(slug: str, source: str) -> dict[str, Any]:
    """A team's file with one PostgreSQL source and one instance."""
    return {
        "title": slug.title(),
        "contacts": [f"{slug}@example.com"],
        "alert_channel": f"{slug}@example.com",
        "sources": {
            source: {
                "engine": "postgres",
                "database": slug,
                "secret": f"sluice/{slug}/{source}",
                "log_retention_hours": 72,
                "loads_at_once": 8,
            }
        },
        "instances": {
            "main": {"class": "dms.t3.medium", "storage_gb": 50, "engine_version": "3.5.4", "multi_az": False}
        },
    }


def task(source: str, *tables: tuple[str, str]) -> dict[str, Any]:
    """A task of `source` on the instance `main`; tables as (identity, version)."""
    return {
        "source": source,
        "instance": "main",
        "delivery": "10min",
        "paused": False,
        "tables": [{"source": identity, "version": version} for identity, version in tables],
    }


FILES: dict[str, str] = {
    path: json.dumps(value)
    for path, value in {
        "sluice.json": {"format": 1},
        "environments/local/environment.json": ENVIRONMENT,
        "environments/local/teams/food/team.json": team("food", "fooddb"),
        "environments/local/teams/food/tasks/foodsearch.json": task(
            "fooddb",
            ("fooddb/foodsearch/barcodes", "v202011191200"),
            ("fooddb/foodsearch/brands", "v202008040000"),
        ),
        "environments/local/teams/food/versions.json": {
            "fooddb/foodsearch/barcodes": {"v202001010000": "retired", "v202011191200": "active"},
            "fooddb/foodsearch/brands": {"v202008040000": "active"},
        },
        "environments/local/teams/orders/team.json": team("orders", "ordersdb"),
        "environments/local/teams/orders/tasks/sales.json": task(
            "ordersdb", ("ordersdb/sales/orders", "v202103010000")
        ),
        "environments/local/teams/orders/versions.json": {
            "ordersdb/sales/orders": {"v202103010000": "active"},
        },
    }.items()
}
