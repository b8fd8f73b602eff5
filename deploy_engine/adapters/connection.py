"""One environment's AWS, opened for reading, or for reading and acting."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from deploy_engine.adapters.aws_estate import read_estate
from deploy_engine.adapters.aws_hands import Boto3Hands
from deploy_engine.adapters.aws_reader import Boto3Reader
from deploy_engine.adapters.aws_session import AwsSession, Calls, Role
from deploy_engine.adapters.sources.reader import CatalogueReader
from deploy_engine.adopting import Estate
from deploy_engine.config import EnvironmentFile
from deploy_engine.execution.ports import AwsHands
from deploy_engine.live import AwsReader, FolderReader, QuotaReader, SourceReader, TaskLister


class Connection:
    """``reader`` looks at AWS, ``sources`` into source databases; ``hands`` acts, and exists for the deployer only.

    A context manager; opening asks nothing.
    """

    def __init__(self, session: AwsSession, role: Role) -> None:
        self._session = session
        self._hands = Boto3Hands(session) if role == "deployer" else None
        self._reader = self._hands or Boto3Reader(session)
        self.reader: AwsReader = self._reader
        self.sources: SourceReader = CatalogueReader(session)

    @property
    def hands(self) -> AwsHands:
        if self._hands is None:
            raise LookupError("a planner's connection cannot act")
        return self._hands

    @property
    def quotas(self) -> QuotaReader:
        """What the account may have of DMS."""
        return self._reader

    @property
    def folders(self) -> FolderReader:
        """What lies in the lake."""
        return self._reader

    @property
    def lister(self) -> TaskLister:
        """Every task of the account."""
        return self._reader

    def estate(self) -> Estate:
        """What the account has of DMS, whoever made it. Three listings, all pages."""
        return read_estate(self._session)

    @property
    def place(self) -> str:
        """Whom it speaks to, for messages."""
        return self._session.place

    @property
    def calls(self) -> Calls:
        """Every call so far, AssumeRole included: what tests and docs count."""
        return self._session.calls

    def close(self) -> None:
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def connect(environment: EnvironmentFile, *, role: Role, endpoint: str | None = None) -> Connection:
    """A connection in the environment's role ``role``; the role is assumed at the first call.

    ``endpoint`` is spoken to instead of the environment's AWS: a rehearsal's own local one.
    """
    return Connection(AwsSession(environment, role, endpoint), role)
