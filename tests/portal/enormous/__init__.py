"""Companies of any size, with the longest names there can be: for pages that must stay quick, small and whole.

    from tests.portal.enormous import ENORMOUS, FEW, MANY, company
    place = company(ENORMOUS)      # rows only: no git, no AWS, no broker; needs an empty database
    client.force_login(place.people[0])

`Size` says how much of everything there is. `FEW` and `MANY` hold the same kinds of things, once few and once many
rows of each; `ENORMOUS` is the largest company that Sluice promises to show: 40 environments, 50 teams, a team with
2,000 tables of which one task holds 1,900, changes that add, reload and remove 500 tables, and 200 open changes.

Of the `Company` that comes back: `team` in `environment` is the big one, in every environment, with slugs of 30
characters everywhere (a team's: 20), `quiet` a team that has nothing at all; `people[0]` is a platform engineer and
auditor, `people[1]` writes `team`'s changes, `people[2]` reviews them; `adds`, `reloads` and `removals` are changes in
review, judged by the real checks and the real planner; `approved` reloads one table, which another environment has
too, and is one of two; `merged` is out of sync, with the deployments `done`, `failed` and `running` and their long
journals; `draft` waits for its first checks; `behind` has to be rebased;
`of_base` changes an environment. Every reason has 300 characters.
"""

from tests.portal.enormous.building import Company, company
from tests.portal.enormous.sizes import ENORMOUS, FEW, MANY, Size

__all__ = ["ENORMOUS", "FEW", "MANY", "Company", "Size", "company"]
