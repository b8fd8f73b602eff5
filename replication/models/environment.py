"""Environments: the AWS accounts and regions that replication is deployed to."""

from __future__ import annotations

from django.db import models

from replication.models.base import Versioned


class Environment(Versioned):
    """One AWS account and region, as `environments/<name>/environment.json` has it."""

    name = models.CharField(max_length=30, unique=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="order in lists; the next one is promoted to")
    account = models.CharField(max_length=12)
    region = models.CharField(max_length=30)
    lake_bucket = models.CharField(max_length=63)
    templates_bucket = models.CharField(max_length=63)
    network_vpc = models.CharField(max_length=30)
    network_subnets = models.JSONField(default=list)
    role_planner = models.CharField(max_length=200)
    role_deployer = models.CharField(max_length=200)
    role_cloudformation = models.CharField(max_length=200)
    allowed_host_suffixes = models.JSONField(default=list, blank=True)
    endpoint_url = models.CharField(max_length=200, blank=True, default="", help_text="the local environment only")

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["account", "region"], name="environment_account_region_once"),
        ]

    def __str__(self) -> str:
        return self.name


class EnvironmentStatus(models.Model):
    """What was last seen of an environment: whether AWS answers, and how its base stack stands. A cache."""

    environment = models.OneToOneField(Environment, on_delete=models.CASCADE, related_name="status")
    reachable = models.BooleanField(default=False)
    message = models.CharField(max_length=500, blank=True, default="", help_text="why AWS could not be read")
    base_stack_state = models.CharField(max_length=50, blank=True, default="")
    quotas = models.JSONField(default=list, blank=True, help_text="[name, used, most] of each of DMS's quotas")
    alarms = models.JSONField(
        default=dict, blank=True, help_text="those that ring, by name: about, since; as CloudWatch last had them"
    )
    observed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.environment}: {'reachable' if self.reachable else 'not reachable'}"
