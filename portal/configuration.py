"""Everything that an operator may configure, read from the environment; nothing else reads `SLUICE_…` variables.

Each field is the environment variable `SLUICE_` plus its name in capitals: `secret_key` is `SLUICE_SECRET_KEY`. A wrong
value stops the start with a message that names the field and what is allowed, but never the value: it may be a secret.
"""

import ipaddress
import re
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, RedisDsn, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy_engine.adapters.sources.hosts import address_problem

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DEMO_SECRET_KEY = "demo-only:this-key-protects-nothing-and-production-refuses-to-start-with-it"  # noqa: S105 - says so itself


class WebhookConfiguration(BaseModel):
    """One address that messages are posted to, in the form that Slack understands, signed with the secret."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: SecretStr
    secret: SecretStr = Field(min_length=16)
    teams: tuple[str, ...] = ()

    @field_validator("url")
    @classmethod
    def _is_https(cls, url: SecretStr) -> SecretStr:
        parts = urlsplit(url.get_secret_value())
        if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost"}:
            message = "a webhook's address begins with https://, or leads to this machine"
            raise ValueError(message)
        if parts.username is not None or not parts.hostname:
            message = "a webhook's address names a host, and no user: the secret stands beside it"
            raise ValueError(message)
        if not _may_be_a_webhook(parts.hostname):
            message = "a webhook's address leads to the cloud's own services, or is written as a number"
            raise ValueError(message)
        return url


def _may_be_a_webhook(host: str) -> bool:
    """Not the cloud's metadata and the like, and no number that programs read differently (`2852039166`, `0xa9.1`)."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return re.fullmatch(r"[0-9]+|0x[0-9a-f]*", host.lower().rpartition(".")[2]) is None
    return address_problem(host, local=True) == ""


class Configuration(BaseSettings):
    """The operator's choices, with defaults that fit one server beside a reverse proxy that speaks HTTPS."""

    model_config = SettingsConfigDict(env_prefix="SLUICE_", frozen=True, extra="ignore", hide_input_in_errors=True)

    mode: Literal["production", "demo"] = Field(
        default="production",
        description="`demo` is for one's own machine: plain HTTP, a known secret key, no build of static files.",
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="Signs sessions and forms; 50 random characters or more, the same for all processes.",
    )
    allowed_hosts: list[str] = Field(
        default=["127.0.0.1", "localhost"],
        description='Host names under which the portal is reached, as a JSON list: `["sluice.example.com"]`.',
    )
    trusted_origins: list[str] = Field(
        default=[],
        description='Origins that forms may come from when a proxy rewrites the host: `["https://sluice.example.com"]`.',
    )
    behind_proxy: bool = Field(
        default=True,
        description="Whether a reverse proxy sets `X-Forwarded-Proto`; without one, nobody may claim HTTPS by it.",
    )
    var_directory: Path = Field(
        default=PROJECT_ROOT / "var",
        description="Where Sluice keeps what it writes: the SQLite database and the git repository.",
    )
    database_url: str = Field(
        default="",
        description="`sqlite:////path/file.sqlite3` or `postgresql://user:password@host:5432/name`; else `var`.",
    )
    broker_url: RedisDsn = Field(
        default=RedisDsn("redis://127.0.0.1:6379/0"),
        description="Redis or Valkey for Celery. It carries only 'look at row 17', never the work itself.",
    )
    git_repository: Path | None = Field(
        default=None,
        description="The bare repository that every accepted revision is committed to; else `var/company.git`.",
    )
    git_remote: str = Field(
        default="",
        description="Where that repository is pushed to: an https or ssh URL, or a path; empty: nowhere.",
    )
    git_remote_username: str = Field(default="", description="For https; with ssh, the operator's own keys serve.")
    git_remote_password: SecretStr = Field(default=SecretStr(""), description="A token with the right to push.")
    git_remote_ca_file: Path | None = Field(
        default=None, description="Certificates (PEM) that an https remote is checked against; else the machine's own."
    )
    git_remote_ssh_command: str = Field(
        default="", description="What is run for an ssh remote: `ssh -i /etc/sluice/key -o UserKnownHostsFile=…`."
    )
    git_signing_key: Path | None = Field(
        default=None,
        description="An SSH private key without a passphrase that commits are signed with; none: unsigned.",
    )
    observe_seconds: float = Field(
        default=15.0, gt=0, description="How often each environment's tasks and tables are looked at, for the pages."
    )
    watchdog_seconds: float = Field(
        default=15.0, gt=0, description="How often the watchdog looks for what a worker or the broker has dropped."
    )
    deployment_pace: float = Field(
        default=1.0,
        ge=1,
        description="What the waits between two looks at a deployment are divided by; above 1 for a local AWS only.",
    )
    fenced_environments: list[str] = Field(
        default=[],
        description="Environments in which AWS itself refuses late stops and starts of tasks (docs/fence.md).",
    )
    public_url: str = Field(
        default="http://127.0.0.1:8000",
        pattern=r"https?://[^/]+",
        description="How people reach the portal, without a slash at the end: what links in messages begin with.",
    )
    email_url: SecretStr = Field(
        default=SecretStr(""),
        description="`smtp://user:password@host:587` (STARTTLS), `smtps://…`, `smtp+plain://host:25`; none: no e-mail.",
    )
    email_from: str = Field(default="sluice@localhost", description="The sender of e-mails.")
    webhooks: dict[str, WebhookConfiguration] = Field(
        default={},
        description='JSON: `{"chat": {"url": "https://…", "secret": "…", "teams": ["food"]}}`; without teams, all.',
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="One JSON object per line, or for people."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least severe line logged."
    )

    @model_validator(mode="after")
    def _production_needs_a_secret_key(self) -> Self:
        """Refuse to start in production with a missing, short or publicly known key."""
        if self.mode == "production" and not self._secret_key_is_fit():
            message = (
                "SLUICE_SECRET_KEY is missing, shorter than 50 characters or the demo's own. Make one with "
                '`python -c "import secrets; print(secrets.token_urlsafe(64))"`; '
                "on your own machine, SLUICE_MODE=demo needs none."
            )
            raise ValueError(message)
        return self

    def _secret_key_is_fit(self) -> bool:
        key = self.secret_key.get_secret_value()
        return len(key) >= 50 and key != DEMO_SECRET_KEY

    @property
    def is_demo(self) -> bool:
        """Whether this is somebody's own machine rather than a service for others."""
        return self.mode == "demo"

    @property
    def signing_key(self) -> str:
        """The secret key in force: the operator's, or the demo's known one."""
        return self.secret_key.get_secret_value() or DEMO_SECRET_KEY

    @property
    def git_repository_path(self) -> Path:
        """Where the bare git repository lies."""
        return self.git_repository or self.var_directory / "company.git"

    @property
    def database_location(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite:///{(self.var_directory / 'sluice.sqlite3').as_posix()}"
