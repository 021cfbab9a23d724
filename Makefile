# Two commands do everything: `make demo` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/installed

.PHONY: demo test proof bench lint check clean

demo: $(STAMP)  ## the main job on an embedded Postgres, with an invented news web; SERVE=1 serves the pages on it
	@$(BIN)/rawi demo $(if $(SERVE),--serve)

test: $(STAMP)  ## the whole suite, on a real Postgres
	$(BIN)/python -m pytest

proof: $(STAMP)  ## fifty workers killed at random moments, and everything else that may happen to them
	RAWI_PROOF=50 $(BIN)/python -m pytest tests/crawler/test_proof.py

bench: $(STAMP)  ## how fast it is, against a plain crawler, in about 20 minutes (Linux); BENCH="--rounds 1 ..." for less
	$(BIN)/python -m benchmarks.speed --json benchmarks/results/latest.json $(BENCH)

lint: $(STAMP)  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint test

$(STAMP): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'Rawi needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ...' >&2; exit 1; }
	@echo 'Installing Rawi into $(VENV) (about half a minute, once) ...'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r constraints.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

clean:  ## forget the environment (the data folder stays)
	rm -rf $(VENV) build *.egg-info
