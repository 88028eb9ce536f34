# Two commands do everything: `make run` (the demo, in a window) and `make test` (all checks).
# The first call of either makes .venv and, on Debian as root, adds the libraries Qt needs.

VENV := .venv
BIN  := $(VENV)/bin
SETUP := $(VENV)/.ready

.PHONY: run test lint bench screenshots clean

run: $(SETUP)
	$(BIN)/jolidrive demo

test: lint
	$(BIN)/python -m pytest

lint: $(SETUP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(SETUP)
	$(BIN)/python -m tests.bench

screenshots: $(SETUP)
	$(BIN)/python -m jolidrive.gui.screenshots shots

$(SETUP): pyproject.toml packaging/setup.sh
	sh packaging/setup.sh $(VENV)
	touch $(SETUP)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build dist
