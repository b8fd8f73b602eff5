"""Journeys run through the services, the worker and the local AWS of one running Sluice, without a browser.

The fixtures `sluice`, `domain` and `wait_for` come from `tests/running_sluice.py`.
"""

from tests.running_sluice import WaitFor

__all__ = ["WaitFor"]
