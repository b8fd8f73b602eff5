"""What differs: between two templates (what CloudFormation would do) and between two documents (what people read)."""

from deploy_engine.diffing.base_stack import base_consequences, ground_of_all, mapping_sha256
from deploy_engine.diffing.consequences import TaskConsequence, needs_two_steps, task_consequences
from deploy_engine.diffing.documents import (
    DocumentDifference,
    EntryChange,
    SettingChange,
    changed_places,
    compare_documents,
    document_places,
    table_place,
)
from deploy_engine.diffing.mappings import MappedTable, read_mappings
from deploy_engine.diffing.stacks import StackDifference, TaskDifference, compare_stacks, template_sha256

__all__ = [
    "DocumentDifference",
    "EntryChange",
    "MappedTable",
    "SettingChange",
    "StackDifference",
    "TaskConsequence",
    "TaskDifference",
    "base_consequences",
    "changed_places",
    "compare_documents",
    "compare_stacks",
    "document_places",
    "ground_of_all",
    "mapping_sha256",
    "needs_two_steps",
    "read_mappings",
    "table_place",
    "task_consequences",
    "template_sha256",
]
