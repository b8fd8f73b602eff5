"""ReplicationTaskSettings: what may be in them, and what DMS adds (`dms-facts.md` section 6).

DMS fills what is left out, so a read-back is never what was sent: whoever compares must compare by meaning.
"""

import json
from typing import Any

from deploy_engine.local_aws.errors import AwsError

DEFAULTS: dict[str, dict[str, Any]] = {
    "TargetMetadata": {
        "TargetSchema": "",
        "SupportLobs": True,
        "FullLobMode": False,
        "LobChunkSize": 0,
        "LimitedSizeLobMode": True,
        "LobMaxSize": 32,
        "BatchApplyEnabled": False,
    },
    "FullLoadSettings": {
        "TargetTablePrepMode": "DROP_AND_CREATE",
        "CreatePkAfterFullLoad": False,
        "StopTaskCachedChangesApplied": False,
        "StopTaskCachedChangesNotApplied": False,
        "MaxFullLoadSubTasks": 8,
        "TransactionConsistencyTimeout": 600,
        "CommitRate": 10000,
    },
    "Logging": {"EnableLogging": False},
    "ControlTablesSettings": {"historyTimeslotInMinutes": 5, "HistoryTableEnabled": False},
    "StreamBufferSettings": {"StreamBufferCount": 3, "StreamBufferSizeInMB": 8, "CtrlStreamBufferSizeInMB": 5},
    "ChangeProcessingTuning": {"MemoryLimitTotal": 1024, "MemoryKeepTime": 60, "StatementCacheSize": 50},
    "ChangeProcessingDdlHandlingPolicy": {
        "HandleSourceTableDropped": True,
        "HandleSourceTableTruncated": True,
        "HandleSourceTableAltered": True,
    },
    "ErrorBehavior": {"TableErrorPolicy": "SUSPEND_TABLE", "FailOnNoTablesCaptured": True},
    "ValidationSettings": {"EnableValidation": False},
}
OTHER_SECTIONS = frozenset(
    {"TTSettings", "LoopbackPreventionSettings", "CharacterSetSettings", "BeforeImageSettings", "PostProcessingRules"}
)
LIMITS = {
    ("FullLoadSettings", "MaxFullLoadSubTasks"): (1, 49),
    ("FullLoadSettings", "CommitRate"): (1, 50_000),
    ("ChangeProcessingTuning", "StatementCacheSize"): (1, 200),
}
READ_ONLY = ("CloudWatchLogGroup", "CloudWatchLogStream")


def checked_settings(text: str | None, before: str | None = None) -> str:
    """Return the settings as DMS keeps them: the given ones over those before, over the defaults; refuse wrong ones."""
    given = _parsed(text)
    known = set(DEFAULTS) | OTHER_SECTIONS
    unknown = sorted(set(given) - known)
    if unknown or any(not isinstance(section, dict | list | None) for section in given.values()):
        raise _invalid(f"Invalid task settings JSON: unknown section {', '.join(unknown) or 'value'}.")
    logging = given.get("Logging") or {}
    if any(key in logging for key in READ_ONLY):
        raise _invalid("Task Settings CloudWatchLogGroup or CloudWatchLogStream cannot be set on create.")
    for (section, key), (least, most) in LIMITS.items():
        value = (given.get(section) or {}).get(key, least)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise _invalid(f"Invalid task settings JSON: {section}.{key} must be from {least} to {most}.")
    base = _parsed(before) if before else DEFAULTS
    merged = dict(base)
    for section, values in given.items():
        merged[section] = {**base.get(section, {}), **values} if isinstance(values, dict) else values
    return json.dumps(merged)


def _parsed(text: str | None) -> dict[str, Any]:
    if not text:
        return {}
    try:
        value = json.loads(text)
    except ValueError as error:
        raise _invalid("Invalid task settings JSON: it cannot be parsed.") from error
    if not isinstance(value, dict):
        raise _invalid("Invalid task settings JSON: it is not an object.")
    return value


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterValueException", message)
