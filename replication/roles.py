"""Who may do what, as one table, in the shape in which people read it (docs/roles.md).

`replication/policies.py` decides by it, `portal/addresses.py` says which right each address asks for, and
`docs/roles.md` is written from both.
"""

from __future__ import annotations

from enum import Enum, StrEnum


class Role(StrEnum):
    """What somebody is; whoever is signed in is at least a viewer. Teams' and company-wide roles are called the same
    in the database (`TeamRole`, `GlobalRoleName`)."""

    STRANGER = "stranger"
    VIEWER = "viewer"
    MEMBER = "member"
    REVIEWER = "reviewer"
    PLATFORM = "platform"
    AUDITOR = "auditor"


class Reach(StrEnum):
    """How far a right reaches."""

    NO = ""
    YES = "yes"
    OWN = "own team"
    ALL = "all teams"


NO, YES, OWN, ALL = Reach.NO, Reach.YES, Reach.OWN, Reach.ALL


class Right(Enum):
    """What may be done, and how far by whom. The reaches stand in the order of `Role`."""

    # fmt: off
    #        what, and of: strangers, viewers, members, reviewers, platform engineers, auditors
    ENTER = ("sign in, choose a password by a link, end e-mails by a link, ask for health",
             YES, YES, YES, YES, YES, YES)
    SEE = ("see configs, plans, status, catalogue, history; keep one's own preferences",
             NO,  YES, YES, YES, YES, YES)
    EDIT = ("edit drafts, submit, comment, rehearse, close",
             NO,  NO,  OWN, OWN, ALL, NO)
    APPROVE = ("approve (never what one wrote a part of), ask for changes, refuse",
             NO,  NO,  NO,  OWN, ALL, NO)
    DEPLOY = ("merge and deploy, retry, cancel, settle incidents",
             NO,  NO,  OWN, OWN, ALL, NO)
    MANAGE = ("base stack, environments, teams, people, policy, emergency, giving up loads",
             NO,  NO,  NO,  NO,  YES, NO)
    REREAD = ("have a proposal branch read again",
              NO,  NO,  YES, YES, YES, NO)
    AUDIT = ("export the audit, verify the chain",
             NO,  NO,  NO,  NO,  YES, YES)
    # fmt: on

    def __init__(self, words: str, *reaches: Reach) -> None:
        self.words = words
        self.reaches = dict(zip(Role, reaches, strict=True))
