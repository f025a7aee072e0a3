# Every target does its own set-up. `make` alone tells what there is.

# The first Python that is new enough; `make PYTHON=/path/to/python3.12 ...` names another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
ARGS ?=
CASE ?= hold, 10 KB
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq --no-input
NEEDS := --group lint --group test

# Tests start hundreds of processes, each of which would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help venv run test lint corpus fuzz bench profile soak docs clean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv: $(READY) ## the virtual environment, .venv, with everything in it

run: $(READY) ## the example service behind the sidecar; ARGS="--port 8081" and the like go to `demo`
	@$(BIN)/upload-sidecar demo $(ARGS)

test: lint ## everything that must hold: style, types, layers, then all tests; ARGS="-k name" goes to pytest
	@$(BIN)/python -m pytest $(ARGS)

lint: $(READY) ## style, types, layers
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

corpus: $(READY) ## the hostile and honest files, each cut 50 times and changed 200 times, minutes; ARGS="-k pdf" for a part
	@CORPUS_CUTS=50 CORPUS_MUTATIONS=200 $(BIN)/python -m pytest tests/inspection/test_files_corpus.py -v \
		-o console_output_style=count -o timeout=600 $(ARGS)

fuzz: $(READY) ## hostile input against the parsers, half a minute each; ARGS="--seconds 3600" for longer
	@for target in fuzz/*.py; do $(BIN)/python $$target $(ARGS) || exit 1; done

bench: $(READY) ## the sidecar beside its peers, minutes; ARGS="--help" tells more
	@$(BIN)/python -m bench.compare $(ARGS)

profile: $(READY) ## where one request executes its Python instructions; CASE="off, GET" for another than a small upload
	@$(BIN)/python -m bench.instructions --where "$(CASE)"

soak: $(READY) ## mixed traffic, and whether memory or descriptors grow; ARGS="--minutes 5" for longer than 2
	@$(BIN)/python -m bench.soak $(ARGS)

docs: $(READY) ## the pages and the schema that are generated from the code
	@$(BIN)/python docs/generate.py

clean: ## remove .venv and everything else that is made
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# pip of a bare Python 3.11 knows no dependency groups, so pip comes first. libmagic: the system's is taken where there is
# one, the wheel otherwise; where there is neither, the last line says how to get it.
$(READY): pyproject.toml
	@[ -n "$(PYTHON)" ] || { echo 'Python 3.11 or newer is needed and none was found. Install it' \
		'(Debian, Ubuntu: apt-get install python3 python3-venv) or name it: make PYTHON=/path/to/python3' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or newer is needed;' \
		'$(PYTHON) is' "$$($(PYTHON) -V 2>&1)." 'Name another: make PYTHON=/path/to/python3' >&2; exit 1; }
	@echo 'Setting up $(VENV) with $(PYTHON): a minute or two, once.'
	@$(PYTHON) -m venv $(VENV) || { echo 'No virtual environment could be made. Debian and Ubuntu:' \
		'apt-get install python3-venv' >&2; exit 1; }
	@$(PIP) install --upgrade 'pip>=25.1'
	@$(PIP) install --only-binary pylibmagic -e '.[demo,libmagic]' $(NEEDS) || { \
		echo "That failed. Once more without the wheel of libmagic."; \
		$(PIP) install -e '.[demo]' $(NEEDS); }
	@$(BIN)/python -c 'import sys; from sidecar.inspection.types.libmagic import Identifier; \
		sys.excepthook = lambda kind, error, trace: sys.stderr.write(f"{error}\n"); Identifier()'
	@touch $@
