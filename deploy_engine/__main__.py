"""``python -m deploy_engine``."""

from __future__ import annotations

import sys

from deploy_engine.cli.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
