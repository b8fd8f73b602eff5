# Sluice's commands. Each brings what it needs, from a fresh clone with Python 3.11+ and make, and nothing installed by hand.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed-from-lock
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test screenshots exhaustive chaos check bench lock

help: ## lists these commands
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name does; do printf '%-17s %s\n' "make $$name" "$$does"; done

$(INSTALLED): requirements.txt requirements-dev.txt
	@PYTHON="$(PYTHON)" scripts/install-packages "$(VENV)"
	@touch $@

demo: $(INSTALLED) ## a running portal with its worker, broker and local AWS; ends with Ctrl-C; PORT=8000
	@exec $(BIN)/python -m portal.demo

demo-reset: $(INSTALLED) ## forgets everything that the demo has kept
	@$(BIN)/python -m portal.demo --reset

test: $(INSTALLED) ## runs every test, browser tests included
	@scripts/install-browser
	@scripts/install-mariadb
	$(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder

screenshots: $(INSTALLED) ## writes the pictures of docs/screenshots/ anew, from the tests that judge the same pages
	@scripts/install-browser
	SCREENSHOTS=docs/screenshots $(BIN)/python -m pytest -q -s -p no:randomly tests/browser/test_screenshots.py tests/browser/test_first_change.py

exhaustive: $(INSTALLED) ## every fault at every point of a deployment, and every pair of crashes; hours
	$(BIN)/python -m pytest -n 2 -m exhaustive --exhaustive -p no:randomly tests/engine tests/replication

check: $(INSTALLED) ## lint, types, import rules, Django's own checks, missing migrations
	@scripts/check "$(BIN)"

bench: $(INSTALLED) ## measures the engine beside its peers, as ratios
	@$(BIN)/python -m benchmarks
	@$(BIN)/python -m benchmarks.git
	@$(BIN)/python -m benchmarks.record
	@$(BIN)/python -m benchmarks.pages

chaos: $(INSTALLED) ## kills real processes of a running Sluice at random, then proves that nothing was lost; KILLS=50 SEED=1
	@exec $(BIN)/python -m portal.demo.chaos

lock: $(INSTALLED) ## resolves requirements.in and requirements-dev.in again
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt
