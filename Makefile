# Two commands do everything: `make run` (the demo, in a window) and `make test` (all checks).
# The first call of either makes .venv and, on Debian as root, adds the libraries Qt needs.

VENV := .venv
BIN  := $(VENV)/bin
READY := $(VENV)/.ready
TESTS := $(VENV)/.ready-tests

.PHONY: run test lint bench screenshots clean

run: $(READY)
	$(BIN)/jolidrive demo

test: lint
	$(BIN)/python -m pytest

lint: $(TESTS)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)
	$(BIN)/python -m tests.bench

screenshots: $(READY)
	$(BIN)/python -m jolidrive.gui.screenshots shots

$(READY): pyproject.toml packaging/setup.sh
	sh packaging/setup.sh $(VENV)
	touch $@

$(TESTS): pyproject.toml packaging/setup.sh
	sh packaging/setup.sh $(VENV) test
	touch $@ $(READY)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build dist
