"""Looking into a team's sources: the secret is read as the planner, the host judged, then the database asked.

The environment's planner role may read the secrets of all teams whose names end in ``-catalogue`` (``docs/iam.md``),
and no other secret: it never reads what DMS itself connects with.
"""

from __future__ import annotations

from collections.abc import Collection

from deploy_engine.adapters.aws_errors import translated
from deploy_engine.adapters.aws_session import AwsSession
from deploy_engine.adapters.sources import mysql, postgres
from deploy_engine.adapters.sources.hosts import Resolver, checked_address, resolve
from deploy_engine.adapters.sources.place import Place, SecretContent, read_secret
from deploy_engine.errors import SourceUnreachable
from deploy_engine.live import SourceAsked, SourceCatalogue

_READERS = {"postgres": postgres.read, "mysql": mysql.read, "mariadb": mysql.read}


class CatalogueReader:
    """Implements ``deploy_engine.live.SourceReader``."""

    def __init__(self, session: AwsSession, resolver: Resolver = resolve) -> None:
        self._session = session
        self._resolver = resolver

    def catalogue(self, source: SourceAsked, tables: Collection[tuple[str, str]] | None = None) -> SourceCatalogue:
        if source.catalogue_secret is None:
            raise SourceUnreachable("no catalogue secret is named for it")
        if not self._session.environment.allowed_host_suffixes:
            raise SourceUnreachable("this environment allows no host of a source to be looked into")
        secret = read_secret(self._secret_text(source.catalogue_secret))
        return _READERS[source.engine](self._place(secret), source, tables)

    def _secret_text(self, name: str) -> str:
        with translated("GetSecretValue", self._session.place):
            answer = self._session.secretsmanager.get_secret_value(SecretId=name)
        return answer.get("SecretString", "")

    def _place(self, secret: SecretContent) -> Place:
        environment = self._session.environment
        local = environment.endpoint_url is not None
        suffixes = environment.allowed_host_suffixes
        address = checked_address(secret.host, secret.port, suffixes, local=local, resolver=self._resolver)
        return Place(secret, secret.host.lower(), address, encrypted=not local)
