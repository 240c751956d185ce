# Each target is one line that calls a tool. `make help` lists them.
# To add one: `name: what it needs  ## what it does`, and its line; `make help` follows.

PYTHON ?= python3
BIN := .venv/bin
VENV := .venv/.stamp

.DEFAULT_GOAL := all
.PHONY: all help venv lock format clean

help:  ## list the commands
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

venv: $(VENV)  ## create .venv from the lock

$(VENV): requirements/lock.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("nnlab needs Python 3.11 or later; name one: make PYTHON=python3.12")'
	@echo "Installing the locked packages into .venv (a minute or two) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/lock.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

lock: $(VENV)  ## compile requirements/lock.txt again (UPGRADE=--upgrade moves the pins)
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" $(UPGRADE) --quiet --output-file requirements/lock.txt

format: $(VENV)  ## format the code and mend what ruff can
	$(BIN)/ruff format && $(BIN)/ruff check --fix

clean:  ## remove everything that was built, and .venv
	rm -rf .venv _build .coverage htmlcov .pytest_cache .ruff_cache .mypy_cache .hypothesis
