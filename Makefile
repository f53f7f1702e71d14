# Two commands from a fresh machine: `make demo` and `make test`. Needed: Python 3.11 or newer, make.
PYTHON ?= python3
BIN := .venv/bin
MARTS := randomuser_assets/marts
PARSED := $(MARTS)/parsed/partial_parse.msgpack

.PHONY: help setup demo test test-all chaos fuzz dev erd answers lint audit lock bench bench-growth bench-latency bench-checks bench-storage clean
.DEFAULT_GOAL := help

help:  ## Say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

setup: .venv/done .env $(PARSED)  ## Make .venv with all that the rest needs, and a .env with a key

# What is installed is exactly what the lock names: each file is compared with its hash.
.venv/done: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: say which with make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	@touch $@

# What dbt reads of its project, read once: a run begins with it instead of reading it again.
$(PARSED): .venv/done $(wildcard $(MARTS)/*.yml $(MARTS)/*/*.sql $(MARTS)/*/*.yml $(MARTS)/*/*/*.sql)
	@$(BIN)/dbt --quiet --log-level-file none parse --target in_its_folder \
	  --project-dir $(MARTS) --profiles-dir $(MARTS) --target-path parsed
	@touch $@

.env: | .venv/done
	@$(BIN)/randomuser-assets init

demo: setup  ## Run three days through the whole graph, on the built-in source
	@$(BIN)/randomuser-assets demo

test: setup  ## Run the tests
	$(BIN)/pytest

test-all: setup  ## Run the long tests, too
	$(BIN)/pytest -m ""

chaos: setup  ## Kill a hundred runs in their writes and exports, and look at what is left
	$(BIN)/python -m randomuser_assets_tests.chaos.kills 100

MINUTES ?= 20
fuzz: setup  ## Make up hostile answers for 20 minutes, or MINUTES=n; what breaks something is kept
	$(BIN)/python -m randomuser_assets_tests.fuzz.long $(MINUTES)

dev: setup  ## Start the Dagster UI on http://127.0.0.1:3000
	@$(BIN)/randomuser-assets dev

erd: setup  ## Write erd.pdf and the other files that are derived from the declarations
	@$(BIN)/randomuser-assets document

answers: erd  ## Ask the questions of docs/questions.md again, of the days that it names
	$(BIN)/python -m randomuser_assets_tests.questions.answers

lint: setup  ## Check style and types, and that derived files are current
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/randomuser-assets document --check

audit: setup  ## Ask for advisories about all that the lock names, and look for unsafe code
	$(BIN)/python .ci/audit.py $(if $(STRICT),--strict)

# --universal: one lock for every system and Python; hashes without addresses hold on any index.
lock: setup  ## Write the locks from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --group dev \
	  --no-emit-index-url --no-emit-find-links --no-annotate \
	  --custom-compile-command 'make lock' --output-file requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --group bench \
	  --no-emit-index-url --no-emit-find-links --no-annotate \
	  --custom-compile-command 'make lock' --output-file .ci/bench/requirements.lock

# dlt lives apart from the rest: what comes with it is needed by nobody else.
.venv-bench/done: .ci/bench/requirements.lock
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r .ci/bench/requirements.lock
	@touch $@

# With PEOPLE it is a look that leaves docs as they are, unless KEEP=1.
BENCH := PYTHONPATH=.ci $(BIN)/python -m
bench: setup .venv-bench/done  ## Measure the whole pipeline beside others; PEOPLE="50000" ROUNDS=1 for a look
	$(BENCH) bench $(if $(PEOPLE),--people $(PEOPLE),--alone 5000000) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(PEOPLE),$(if $(KEEP),--write),--write)
	$(if $(PEOPLE),,$(BENCH) bench.growth --write)

bench-growth: setup  ## Measure a day in a warehouse of 10 days and in one of 1,000
	$(BENCH) bench.growth $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(KEEP),--write)

bench-checks: setup  ## Measure the checks beside the work they check
	$(BIN)/python .ci/bench_checks.py 500 3
	$(BIN)/python .ci/bench_checks.py 500000 3

bench-latency: setup  ## Measure a day in a warm process, step by step, and what loading costs
	$(BIN)/python .ci/bench_latency.py 500 5

bench-storage: setup  ## Measure many writers beside the stock manager, and a backfill as one run
	$(BIN)/python .ci/bench_writers.py 365 10
	$(BIN)/python .ci/bench_backfill.py 365

clean:  ## Remove what setting up and checking made; data and .env stay
	rm -rf .venv .venv-bench .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
