"""``python -m deploy_engine.access``: the page about the roles, to standard output."""

import sys

from deploy_engine.access.documentation import access_page

sys.stdout.write(access_page())
