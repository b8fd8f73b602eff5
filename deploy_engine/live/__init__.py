"""What AWS says now, as plain immutable values, and the protocol by which it is asked; nothing here talks."""

from deploy_engine.live.alarm import AlarmView
from deploy_engine.live.folder import FolderReader, FolderSize
from deploy_engine.live.instance import InstanceRoom
from deploy_engine.live.latency import LatencyPoint
from deploy_engine.live.observation import LintProblem, Observation
from deploy_engine.live.quota import Quota, QuotaReader
from deploy_engine.live.reader import AwsReader, TaskLister
from deploy_engine.live.source_catalogue import (
    SourceAsked,
    SourceCatalogue,
    SourceReader,
    SourceTable,
    TableKey,
    TableKind,
)
from deploy_engine.live.stack import StackView
from deploy_engine.live.table_statistics import LOADING_STATES, TableStatistics
from deploy_engine.live.task import RunState, TaskView
from deploy_engine.live.unknown import Unknown

__all__ = [
    "LOADING_STATES",
    "AlarmView",
    "AwsReader",
    "FolderReader",
    "FolderSize",
    "InstanceRoom",
    "LatencyPoint",
    "LintProblem",
    "Observation",
    "Quota",
    "QuotaReader",
    "RunState",
    "SourceAsked",
    "SourceCatalogue",
    "SourceReader",
    "SourceTable",
    "StackView",
    "TableKey",
    "TableKind",
    "TableStatistics",
    "TaskLister",
    "TaskView",
    "Unknown",
]
