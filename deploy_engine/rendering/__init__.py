"""From config to what AWS is given: CloudFormation templates, TableMappings and task settings."""

from deploy_engine.rendering.mappings import REMEMBERED_TABLES, table_rules, task_mappings
from deploy_engine.rendering.rendered import RenderedTemplate, UnsafeTemplate
from deploy_engine.rendering.settings import DEFAULT_FULL_LOAD_SUB_TASKS, full_load_sub_tasks, task_settings
from deploy_engine.rendering.stacks import render, render_base_stack, render_team_stack

__all__ = [
    "DEFAULT_FULL_LOAD_SUB_TASKS",
    "REMEMBERED_TABLES",
    "RenderedTemplate",
    "UnsafeTemplate",
    "full_load_sub_tasks",
    "render",
    "render_base_stack",
    "render_team_stack",
    "table_rules",
    "task_mappings",
    "task_settings",
]
