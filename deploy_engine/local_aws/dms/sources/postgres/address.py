"""Where a database is and as whom to enter it, as a secret in DMS's form says."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Address:
    """``host`` is a name, an address, or the directory of a unix socket."""

    host: str
    port: str
    database: str
    user: str
    password: str = field(repr=False)
