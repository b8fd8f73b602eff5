"""``python -m deploy_engine.checks``: the page about all checks, to standard output."""

import sys

from deploy_engine.checks.documentation import checks_page

sys.stdout.write(checks_page())
