# Each target is one line that calls a tool. `make help` lists them.
# To add one: `name: what it needs  ## what it does`, and its line; `make help` follows.

PYTHON ?= python3
BIN := .venv/bin
VENV := .venv/.stamp
BOOK := _build/.book
PAGES := $(shell find book exercises nnlab -type f ! -name '*.pyc') tests/test_repository.py _config.yml _toc.yml

# Many tests wait, for a browser or a deadline: four at a time keep two cores busy,
# and leave none for more threads of BLAS.
TESTERS ?= 4
export OPENBLAS_NUM_THREADS ?= 1

# The made-up class is ours, so without bubblewrap the weaker isolation will do; the report names it.
ISOLATION := $(if $(shell command -v bwrap),,--isolation process)

COMPILE := $(BIN)/uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" --quiet

.DEFAULT_GOAL := all
.PHONY: all help venv book grade-sample serve test test-fast coverage bench pictures studies pdf epub linkcheck linkcheck-external lock format clean

all: book grade-sample  ## do everything, and say where to look
	@echo "The book is in _build/html; 'make serve' shows it. Marks of a made-up class: _build/sample_class/feedback."

help:  ## list the commands
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

venv: $(VENV)  ## create .venv from the lock

# The lock is whole, so pip need not resolve (--no-deps): older ones would look at newer releases too, and refuse them.
$(VENV): requirements/lock.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("nnlab needs Python 3.11 or later; name one: make PYTHON=python3.12")'
	@echo "Installing the locked packages into .venv (a minute or two) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements/lock.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

book: $(BOOK)  ## build the book; every warning is an error

$(BOOK): $(VENV) $(PAGES)
	$(BIN)/jupyter-book build . -n -W --keep-going
	@touch $@

serve: book  ## show the book on http://localhost:8000 (or another PORT)
	$(BIN)/nnlab read --no-browser --port $(or $(PORT),8000)

grade-sample: $(VENV)  ## grade a made-up class of 24 students
	$(BIN)/python tests/sample_class/make.py _build/sample_class/submitted && $(BIN)/nnlab grade --submissions _build/sample_class/submitted --seconds 30 $(ISOLATION)

test: $(VENV) $(BOOK)  ## check style and types, and run every test
	$(BIN)/ruff check && $(BIN)/ruff format --check && $(BIN)/mypy && $(BIN)/pytest -n $(TESTERS) --dist worksteal

test-fast: $(VENV)  ## the tests for daily work: without the slow ones and the built book
	$(BIN)/ruff check && $(BIN)/ruff format --check && $(BIN)/mypy && $(BIN)/pytest -n $(TESTERS) --dist worksteal -m "not slow" --ignore tests/book

coverage: $(VENV) $(BOOK)  ## run every test, and show the lines none of them reaches
	$(BIN)/pytest -n $(TESTERS) --dist worksteal --cov --durations 10

bench: $(VENV) $(BOOK)  ## time training, grading and live pages (ARGS=--quick; ARGS=--keep puts the figures into README.md)
	for name in training grading live; do $(BIN)/python benchmarks/$$name.py $(ARGS) || exit 1; done && $(BIN)/python benchmarks/readme.py

pictures: book grade-sample  ## take the screenshots of README.md and the guides anew
	$(BIN)/python book/guides/pictures.py

studies: $(VENV)  ## run all studies in full into book/results; interrupted, it goes on (an hour; ARGS=--fresh starts anew)
	$(BIN)/nnlab study all --output book/results $(ARGS)

# Both are made of the built pages; book/_print/articles.py says why.
pdf: $(BOOK)  ## print the book into _build/nnlab.pdf (needs Chromium)
	$(BIN)/python book/_print/pdf.py

epub: $(BOOK)  ## pack the book into _build/nnlab.epub (needs Chromium)
	$(BIN)/python book/_print/epub.py

linkcheck: $(BOOK)  ## follow every link inside the book; needs no network
	$(BIN)/pytest -q tests/book/test_html.py -k links_and_anchors

linkcheck-external: $(VENV)  ## follow every link that leads out of the book
	$(BIN)/jupyter-book build . --builder linkcheck

lock: $(VENV)  ## compile the lock again, and Binder's part of it (UPGRADE=--upgrade moves the pins)
	$(COMPILE) --extra dev --universal --python-version 3.11 $(UPGRADE) --output-file requirements/lock.txt
	$(COMPILE) --extra notebook --python-version 3.11 --python-platform linux --constraint requirements/lock.txt --output-file .binder/requirements.txt

format: $(VENV)  ## format the code and mend what ruff can
	$(BIN)/ruff format && $(BIN)/ruff check --fix

clean:  ## remove everything that was built, and .venv
	rm -rf .venv _build .coverage htmlcov .pytest_cache .ruff_cache .mypy_cache .hypothesis
