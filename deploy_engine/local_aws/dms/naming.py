"""Identifiers, ARNs and lookups of the local DMS."""

import re
import secrets
import string
from typing import TYPE_CHECKING

from deploy_engine.local_aws.errors import AwsError

if TYPE_CHECKING:
    from deploy_engine.local_aws.dms.state import Endpoint, Instance, Task
    from deploy_engine.local_aws.world import Region

IDENTIFIER = re.compile(r"[A-Za-z](?!.*--)[A-Za-z0-9-]{0,254}(?<!-)")
ALPHABET = string.ascii_uppercase + string.digits


def resource_id(given: str | None) -> str:
    """Return the last part of a new ARN: what the caller asked for, else 26 random letters and digits."""
    return given or "".join(secrets.choice(ALPHABET) for _ in range(26))


def checked_identifier(value: str, noun: str, longest: int = 255) -> str:
    """Refuse an identifier that DMS refuses (`dms-facts.md` sections 3 and 9)."""
    if not IDENTIFIER.fullmatch(value) or len(value) > longest:
        raise AwsError(
            "InvalidParameterValueException",
            f"The {noun} {value[:80]!r} is not valid: it must begin with a letter, contain only letters, digits and "
            f"hyphens, no two hyphens in a row, not end with a hyphen, and have at most {longest} characters.",
        )
    return value


def task_at(region: "Region", arn: str) -> "Task":
    """Return the task with this ARN, or refuse."""
    task = region.dms.tasks.get(arn)
    if task is None:
        raise not_found(f"Replication task {arn} cannot be found.")
    return task


def endpoint_at(region: "Region", arn: str) -> "Endpoint":
    """Return the endpoint with this ARN, or refuse."""
    endpoint = region.dms.endpoints.get(arn)
    if endpoint is None:
        raise not_found(f"Endpoint {arn} cannot be found.")
    return endpoint


def instance_at(region: "Region", arn: str) -> "Instance":
    """Return the instance with this ARN, or refuse."""
    instance = region.dms.instances.get(arn)
    if instance is None:
        raise not_found(f"Replication instance {arn} cannot be found.")
    return instance


def not_found(message: str) -> AwsError:
    """Return the refusal for what does not exist."""
    return AwsError("ResourceNotFoundFault", message)


def exists(message: str) -> AwsError:
    """Return the refusal for a name that is taken."""
    return AwsError("ResourceAlreadyExistsFault", message)


def wrong_state(message: str) -> AwsError:
    """Return the refusal for what cannot be done now."""
    return AwsError("InvalidResourceStateFault", message)
