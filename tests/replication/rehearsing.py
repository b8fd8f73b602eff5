"""Rehearsals without a local AWS: a program that ends as a test wants it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from deploy_engine.execution.rehearsal import (
    RehearsalOutcome,
    RehearsalResult,
    RehearsedLine,
    RehearsedLoad,
    RehearsedPause,
)
from replication.selectors.rehearsal_order import RehearsalOrder

PRODUCTS = "fooddb/foodsearch/products"
PASSED = RehearsalResult(
    outcome=RehearsalOutcome.PASSED,
    environment="local",
    team="food",
    speed=10.0,
    fingerprint="f" * 64,
    plan_differences=(),
    seconds=48.4,
    lines=(RehearsedLine(14.2, "Stopping food-foodsearch"),),
    pauses=(RehearsedPause("food-foodsearch", 18.2),),
    loads=(RehearsedLoad("food-foodsearch", PRODUCTS, "v202601010000", "Table completed", 1200, "data/products/", 1),),
)
FAILED = RehearsalResult(
    RehearsalOutcome.FAILED, "local", "food", 10.0, problems=(f"{PRODUCTS} did not load: Table error.",)
)
NOT_INSTALLED = RehearsalResult(
    RehearsalOutcome.COULD_NOT_RUN, "local", "food", 10.0, problems=("the local AWS is not installed",)
)


@dataclass
class FakeProgram:
    """Gives `result`, or raises `error`; `meanwhile` happens while it runs."""

    result: RehearsalResult = PASSED
    error: BaseException | None = None
    meanwhile: Callable[[], object] = lambda: None
    orders: list[RehearsalOrder] = field(default_factory=list)

    def __call__(self, order: RehearsalOrder, tell: Callable[[str], None]) -> RehearsalResult:
        """Run the order."""
        self.orders.append(order)
        tell("Carrying the change out…")
        self.meanwhile()
        if self.error is not None:
            raise self.error
        return self.result
