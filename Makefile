# `make ask` and `make test` do all the set-up themselves; PYTHON=python3.12 picks another interpreter (3.11 or newer).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock
QUESTION ?= How many Japanese citizens were abducted by North Korea?

.PHONY: ask test check format lock clean

ask: $(VENV)/.use
	$(BIN)/pullquote ask --sample "$(QUESTION)"

test: $(VENV)/.dev
	$(BIN)/pytest -n auto --dist worksteal

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	rm -rf build dist
	$(BIN)/python -m build --wheel --no-isolation --outdir dist . > /dev/null
	$(BIN)/check-wheel-contents dist
	$(BIN)/pytest tests/test_layout.py

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# What is installed now becomes what is installed from now on. A version such as 2.13.0+cpu is pinned without its suffix.
lock: $(VENV)/.dev
	$(BIN)/python -m pip freeze --exclude-editable --exclude pullquote | sed -E 's/\+[a-z0-9.]+$$//' > requirements.lock

$(VENV)/.use: pyproject.toml requirements.lock setup.py
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(INSTALL) --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.use
	$(INSTALL) --editable ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache src/*.egg-info
