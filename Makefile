# make demo | test | check | bench. Needs Python 3.11 or newer and a package index, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Two cores are kept busy while some tests wait; who has run out takes tests from the others.
WORKERS := -n 6 --dist worksteal
# Without it every worker would rewrite the tests' assertions anew in each run.
export PYTHONDONTWRITEBYTECODE :=
.DEFAULT_GOAL := help
.PHONY: help demo test check bench

help:
	@echo "make demo   a whole lab on one chat page: http://127.0.0.1:8080"
	@echo "make test   everything not marked slow"
	@echo "make check  all tests, lint, types, layers, migrations"
	@echo "make bench  speed, beside its peers (ARGS=p1 for one of them)"
	@echo "make screenshots  the pictures of README and docs, from the demo itself"

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Pailot needs Python 3.11 or newer; set PYTHON=…"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(STAMP)
	$(BIN)/pailot demo $(ARGS)

test: $(STAMP)
	$(BIN)/pytest -m "not slow" $(WORKERS) $(ARGS)

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest $(WORKERS) --cov --cov-report=term $(ARGS)

bench: $(STAMP)
	$(BIN)/python -m bench $(ARGS)

.PHONY: screenshots
screenshots: $(STAMP)
	$(BIN)/python -m tests.demo.browser.screenshots docs/pictures
