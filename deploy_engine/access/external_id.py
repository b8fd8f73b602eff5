"""The external id: whoever assumes a role of an environment has to say which environment it takes it for."""

from __future__ import annotations

from deploy_engine.config import EnvironmentFile


def external_id(file: EnvironmentFile) -> str:
    """Made from account and region, which no two environments share. It is no secret, and has to be none.

    A portal that was pointed at another environment's role by a wrong file is refused by AWS before its first call
    (IAM User Guide, "The confused deputy problem").
    """
    return f"sluice-{file.account}-{file.region}"
