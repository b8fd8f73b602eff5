"""What the planner may do: read what checks, plans and the observer read, and nothing else."""

from __future__ import annotations

from deploy_engine.access.statement import EVERYTHING, Place, Statement
from deploy_engine.config.physical_names import TARGET_SCHEMA


def reading(place: Place) -> tuple[Statement, ...]:
    """What both the planner and the deployer read."""
    return (
        Statement(
            "ReadStacks",
            "whether a stack can be updated, and the template that is deployed",
            ("cloudformation:DescribeStacks", "cloudformation:GetTemplate"),
            (place.stacks,),
        ),
        Statement(
            "ReadTasks",
            "which tasks there are, and how they fare; AWS cannot narrow a listing",
            ("dms:DescribeReplicationTasks",),
            EVERYTHING,
        ),
        Statement(
            "ReadTables",
            "how far the tables of a task are",
            ("dms:DescribeTableStatistics",),
            (place.tasks,),
        ),
        Statement(
            "LookIntoFolders",
            "whether a table that would load finds its folder empty, and how much lies in retired ones; only below the "
            "folder that tables are written to",
            ("s3:ListBucket",),
            (place.lake,),
            {"StringLike": {"s3:prefix": f"{TARGET_SCHEMA}/*"}},
        ),
    )


def planner(place: Place) -> tuple[Statement, ...]:
    """Every statement of the planner's policy."""
    return (
        *reading(place),
        Statement(
            "CheckTemplates",
            "AWS's own word on a template, before anything is made of it",
            ("cloudformation:ValidateTemplate",),
            EVERYTHING,
        ),
        Statement(
            "ReadImports",
            "which stacks import what the base stack would no longer export; AWS cannot narrow a listing",
            ("cloudformation:ListImports",),
            EVERYTHING,
        ),
        Statement(
            "ReadMetrics",
            "how much room an instance has; CloudWatch cannot be narrowed to a namespace here",
            ("cloudwatch:GetMetricData",),
            EVERYTHING,
        ),
        Statement(
            "ReadAlarms",
            "which alarms went off; AWS cannot narrow a listing",
            ("cloudwatch:DescribeAlarms",),
            EVERYTHING,
        ),
        Statement(
            "ReadQuotas",
            "how many tasks, instances and endpoints the account may still have",
            ("dms:DescribeAccountAttributes",),
            EVERYTHING,
        ),
        Statement(
            "ReadEstate",
            "what replicates without Sluice, for the draft of a config; AWS cannot narrow a listing",
            ("dms:DescribeEndpoints", "dms:DescribeReplicationInstances"),
            EVERYTHING,
        ),
        Statement(
            "ReadCatalogueSecrets",
            "the read-only secrets with which the portal lists a source's tables, told by their names' end "
            "(the last six characters are AWS's own), and never one by which DMS reads rows",
            ("secretsmanager:GetSecretValue",),
            (place.arn("secretsmanager", "secret:sluice/*-catalogue-??????"),),
        ),
        no_deletion(place),
    )


def no_deletion(place: Place) -> Statement:
    """No role of Sluice deletes from the lake, whatever another policy that it might be given says."""
    return Statement(
        "NeverDeleteFromTheLake",
        "data in the lake is the company's; an explicit refusal wins over every permission",
        ("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:DeleteBucket", "s3:PutLifecycleConfiguration"),
        (place.lake, f"{place.lake}/*"),
        effect="Deny",
    )
