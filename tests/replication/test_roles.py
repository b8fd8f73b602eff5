"""The table of roles is the one that was agreed on."""

from __future__ import annotations

from replication.choices import GlobalRoleName, TeamRole
from replication.roles import Right, Role

AGREED = """
| right   | stranger | viewer | member   | reviewer | platform  | auditor |
| ENTER   | yes      | yes    | yes      | yes      | yes       | yes     |
| SEE     |          | yes    | yes      | yes      | yes       | yes     |
| EDIT    |          |        | own team | own team | all teams |         |
| APPROVE |          |        |          | own team | all teams |         |
| DEPLOY  |          |        | own team | own team | all teams |         |
| MANAGE  |          |        |          |          | yes       |         |
| REREAD  |          |        | yes      | yes      | yes       |         |
| AUDIT   |          |        |          |          | yes       | yes     |
"""


def test_table_of_roles__as_it_stands__is_the_agreed_one() -> None:
    lines = [["right", *Role], *([right.name, *right.reaches.values()] for right in Right)]

    assert lines == [[cell.strip() for cell in line.strip("|").split("|")] for line in AGREED.strip().splitlines()]


def test_roles__in_the_database__are_called_as_in_the_table() -> None:
    assert {*TeamRole.values, *GlobalRoleName.values} <= set(Role)
