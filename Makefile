# The four commands. Nothing to install first but Python >= 3.11, make and a network to the package index.
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN = $(UV) run --frozen --no-sync

.PHONY: demo test unit lint bench setup clean
.DEFAULT_GOAL := help

help: ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/ -/'

demo: setup ## install everything (locked), show the example manufacturer's worklist, serve its website; ONCE=1 only checks it
	@$(RUN) postmarket demo

test: setup ## run the tests, those that touch the database also on PostgreSQL
	@$(RUN) pytest -n auto
	@$(RUN) python -m tests.postgresql pytest -n auto --database

unit: setup ## the tests that touch neither database, browser nor program: a minute or two while you work
	@$(RUN) pytest -n auto --unit

lint: setup ## formatting, style, types, and who may import whom
	@$(RUN) ruff format --check .
	@$(RUN) ruff check .
	@$(RUN) mypy
	@$(RUN) lint-imports

bench: setup ## measure the bars, with peers side by side (BENCH=--quick leaves the slow peer out)
	@$(RUN) python -m bench $(BENCH)

setup: .venv/.installed

.venv/.installed: pyproject.toml uv.lock $(filter .tools/%,$(UV))
	@$(UV) sync --frozen --quiet
	@touch $@

# uv in an environment of its own: the system's Python stays as it is (PEP 668).
.tools/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "postmarket needs Python 3.11 or newer as '$(PYTHON)'; name another with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "this Python has no venv module; on Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .tools
	@.tools/bin/pip install --quiet --disable-pip-version-check uv \
		|| { rm -rf .tools; echo "could not get uv from the package index; check the network or the proxy settings, then run make again"; exit 1; }

clean: ## remove what make made
	rm -rf .venv .tools .demo .bench .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
