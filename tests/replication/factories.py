"""Rows for tests. What a factory does not name is a plain, valid default."""

from __future__ import annotations

import factory
from django.contrib.auth.models import User
from factory.django import DjangoModelFactory

from replication.choices import GlobalRoleName, TeamRole
from replication.models import Environment, GlobalRole, Membership, Team, TeamSetup


class UserFactory(DjangoModelFactory[User]):
    """Somebody who can sign in; without a role they are a viewer."""

    class Meta:
        model = User

    username = factory.Sequence(lambda number: f"person{number}")
    first_name = factory.Sequence(lambda number: f"Person{number}")
    last_name = "Example"
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")


class TeamFactory(DjangoModelFactory[Team]):
    """A team without anything."""

    class Meta:
        model = Team

    slug = factory.Sequence(lambda number: f"team{number}")
    title = factory.LazyAttribute(lambda team: team.slug.title())


class MembershipFactory(DjangoModelFactory[Membership]):
    """A member of a team."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    team = factory.SubFactory(TeamFactory)
    role = TeamRole.MEMBER


class GlobalRoleFactory(DjangoModelFactory[GlobalRole]):
    """A platform engineer."""

    class Meta:
        model = GlobalRole

    user = factory.SubFactory(UserFactory)
    role = GlobalRoleName.PLATFORM


class EnvironmentFactory(DjangoModelFactory[Environment]):
    """An environment; each has an account of its own."""

    class Meta:
        model = Environment

    name = factory.Sequence(lambda number: f"environment{number}")
    account = factory.Sequence(lambda number: f"{number:012d}")
    region = "eu-central-1"
    lake_bucket = factory.LazyAttribute(lambda environment: f"lake-{environment.name}")
    templates_bucket = factory.LazyAttribute(lambda environment: f"templates-{environment.name}")
    network_vpc = "vpc-0123456789abcdef0"
    network_subnets = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    role_planner = factory.LazyAttribute(lambda environment: f"arn:aws:iam::{environment.account}:role/planner")
    role_deployer = factory.LazyAttribute(lambda environment: f"arn:aws:iam::{environment.account}:role/deployer")
    role_cloudformation = factory.LazyAttribute(lambda environment: f"arn:aws:iam::{environment.account}:role/cfn")


class TeamSetupFactory(DjangoModelFactory[TeamSetup]):
    """A team in an environment."""

    class Meta:
        model = TeamSetup

    team = factory.SubFactory(TeamFactory)
    environment = factory.SubFactory(EnvironmentFactory)
    title = "A team"
    contacts = ["team@example.com"]
    alert_channel = "team@example.com"
