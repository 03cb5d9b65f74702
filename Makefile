# Everything here needs Python 3.11 or newer and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help

.PHONY: help
help: ## show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml
	$(PYTHON) scripts/set_up.py $(VENV)
	@touch $@

.PHONY: demo
demo: $(READY) ## the main job in the terminal, against the emulator
	@$(BIN)/python scripts/demo.py

.PHONY: test
test: $(READY) lint types rooms coverage ## everything that must hold

.PHONY: lint
lint: $(READY) ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: types
types: $(READY) ## types
	$(BIN)/mypy

.PHONY: rooms
rooms: $(READY) ## import rules
	$(BIN)/lint-imports

.PHONY: coverage
coverage: $(READY) ## the tests, with coverage of every process they start
	rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

.PHONY: format
format: $(READY) ## put the code into its style
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

.PHONY: clean
clean: ## remove what the other targets made
	rm -rf $(VENV) .reconciler dist .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
