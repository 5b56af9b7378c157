# `make ask` and `make test` do all the set-up themselves; PYTHON=python3.12 picks another interpreter (3.11 or newer).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --no-warn-conflicts --constraint requirements.lock
QUESTION ?= How many Japanese citizens were abducted by North Korea?

.PHONY: ask test mutate check format lock clean

ask: $(VENV)/.use
	@echo "A question to the sample articles; the first one prepares the encoder (seconds):"
	$(BIN)/pullquote ask --sample "$(QUESTION)"

test: $(VENV)/.dev
	$(BIN)/pytest -n auto --dist worksteal

# Small changes of the code, one by one: does a test notice? About an hour; what none noticed is listed in tests/long/mutation.json.
mutate: $(VENV)/.dev
	$(INSTALL) --quiet --editable ".[mutation]"
	$(BIN)/python tests/long/mutation.py

check: $(VENV)/.dev
	rm -rf build dist
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
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
	@echo "1. A virtual environment in $(VENV)"
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@echo "2. pullquote and what it needs: 1.7 GB in all, of it torch 0.75; a few minutes"
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.use
	@echo "3. What the tests and checks need"
	@$(INSTALL) --quiet --editable ".[dev]"
	@touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache src/*.egg-info
