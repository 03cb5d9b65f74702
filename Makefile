# Everything here needs Python 3.11 or newer and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_TO_TEST := $(VENV)/.ready-to-test
NPM_CLIENTS := tests/clients/.ready

.DEFAULT_GOAL := help

.PHONY: help
help: ## show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml constraints.txt scripts/set_up.py
	@$(PYTHON) scripts/set_up.py $(VENV)
	@touch $@

$(READY_TO_TEST): pyproject.toml constraints.txt scripts/set_up.py
	@$(PYTHON) scripts/set_up.py $(VENV) dev bench clients clients-apart
	@touch $@ $(READY)

# Where npm is absent, the tests say that they left out its clients.
$(NPM_CLIENTS): tests/clients/package.json tests/clients/package-lock.json
	@! command -v npm >/dev/null || npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@! command -v npm >/dev/null || touch $@

.PHONY: clients
clients: $(READY_TO_TEST) $(NPM_CLIENTS) ## the NetSuite clients of others that the tests run

.PHONY: demo
demo: $(READY) ## the main job in the terminal, against the emulator
	@$(BIN)/python scripts/demo.py

.PHONY: test
test: lint types rooms coverage ## everything that must hold

.PHONY: lint
lint: $(READY_TO_TEST) ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: types
types: $(READY_TO_TEST) ## types
	$(BIN)/mypy

.PHONY: rooms
rooms: $(READY_TO_TEST) ## import rules
	$(BIN)/lint-imports

.PHONY: coverage
coverage: clients ## the tests, with coverage of every process they start
	rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest -n auto --dist worksteal
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

.PHONY: test-pythons
test-pythons: ## the tests of the core with every Python from 3.11 on that is here, or with PYTHONS="python3.12 …"
	@$(PYTHON) -m scripts.test_pythons $(PYTHONS)

.PHONY: docs
docs: $(READY_TO_TEST) ## the site of docs/, in site/; a link that leads nowhere is an error
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "open site/index.html"

.PHONY: dist
dist: $(READY_TO_TEST) ## the wheel and the sdist, in dist/
	rm -rf dist
	$(BIN)/hatchling build
	$(BIN)/twine check --strict dist/*

.PHONY: constraints
constraints: $(READY_TO_TEST) ## newest versions of what the tool needs, into constraints.txt; then make test
	$(BIN)/pip install --quiet --upgrade --upgrade-strategy eager --editable '.[emulator,bucket,quick,cluster]'
	$(BIN)/python scripts/constraints.py

.PHONY: mutants
mutants: $(READY_TO_TEST) ## every safeguard taken out of the code, one at a time; a test must notice
	@$(BIN)/python scripts/mutants.py

.PHONY: bench
bench: $(READY_TO_TEST) ## what everything costs, as ratios, beside other tools; writes docs/performance.md
	@$(BIN)/python -m benchmarks --write docs/performance.md

.PHONY: format
format: $(READY_TO_TEST) ## put the code into its style
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

.PHONY: clean
clean: ## remove what the other targets made
	rm -rf $(VENV) $(VENV)-3.* site tests/clients/node_modules $(NPM_CLIENTS) .reconciler dist .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
