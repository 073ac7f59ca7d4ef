# What a contributor runs. Python 3.11 or newer, git and make are needed; everything else comes into .venv.

UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11 python
RUNTIME := $(VENV)/.runtime-is-synced
WORKSHOP := $(VENV)/.workshop-is-synced
PYTEST_WORKERS := --numprocesses=auto --dist=worksteal

# uv from the PATH where there is one, else the pinned one in .venv. It must use our .venv, never fetch a Python,
# and trust what the system trusts: behind a company's proxy its own list of certificates is not enough.
export PATH := $(PATH):$(CURDIR)/$(BIN)
export UV_PROJECT_ENVIRONMENT := $(VENV)
export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS := true
unexport VIRTUAL_ENV

.DEFAULT_GOAL := help
.PHONY: help demo test lint audit check sbom bench figures load fuzz reliability words learn

help: ## Show what there is to run.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(RUNTIME) ## Everything on this machine with no account anywhere, and a chat with Evie.
	@$(BIN)/evie demo $(ARGS)

test: $(WORKSHOP) ## All tests but the long ones of `make check` (ARGS="tests/billing" for some of them).
	$(BIN)/pytest $(PYTEST_WORKERS) -m "not thorough" $(ARGS)

lint: $(WORKSHOP) ## What is quick: format, lint, types, import contracts.
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

# uv asks OSV, which has PyPI's advisories, with the exact versions of uv.lock. Only what it found is a failure (1): where
# no service answers, or this uv is too old to ask, that is said and the rest goes on.
audit: $(WORKSHOP) ## Ask an advisory service about every dependency; says so where none answers.
	@status=0; UV_HTTP_RETRIES=1 uv audit --frozen --preview-features audit-command >$(VENV)/audit.txt 2>&1 || status=$$?; \
	case $$status in \
	  0) tail -n 1 $(VENV)/audit.txt ;; \
	  1) cat $(VENV)/audit.txt >&2; exit 1 ;; \
	  *) echo 'The dependencies were not audited: no advisory service answers.' ;; \
	esac

sbom: $(RUNTIME) ## Write what a release consists of, with hashes, as CycloneDX into dist/.
	@mkdir -p dist
	@uv export --frozen --no-dev --format cyclonedx1.5 --preview-features sbom-export --quiet --output-file dist/evie.cdx.json >/dev/null
	@echo 'dist/evie.cdx.json lists what a release consists of.'

check: lint audit ## All that CI checks: lint, advisories, then all tests with coverage by branch.
	$(BIN)/coverage erase
	EVIE_REQUIRE_CLEAN_LOGS=1 $(BIN)/coverage run -m pytest $(PYTEST_WORKERS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --include='billing/*' --fail-under=100
	$(BIN)/coverage report --include='skills/*' --fail-under=100
	$(BIN)/pytest $(PYTEST_WORKERS) --hypothesis-profile=thorough tests/billing/test_settling_machine.py

bench: $(WORKSHOP) ## Time what has to stay fast.
	$(BIN)/python -m benchmarks.run $(ARGS)

figures: $(WORKSHOP) ## All that docs/performance.md tells, side by side on SQLite and PostgreSQL, in ten minutes.
	$(BIN)/python -m benchmarks.load.accepted
	$(BIN)/python -m benchmarks.load.accepted --fsync-ms 2 --concurrency 32 --rounds 3
	$(BIN)/python -m benchmarks.load.applied
	$(BIN)/python -m benchmarks.load.size
	$(BIN)/python -m benchmarks.load.ends

load: $(WORKSHOP) ## 500 requests of Slack's at 20 a second, with a model that takes two seconds a turn.
	$(BIN)/python -m benchmarks.slack_load $(ARGS)

# What fits the weights is big, and nobody else needs it; `make test` takes it away again.
learn: $(WORKSHOP) ## Learn from all sentences to which skill a message leans (ARGS="--judge NAME" leaves a set out).
	uv sync --frozen --group learning
	$(BIN)/python -m bot.learning $(ARGS)

words: $(WORKSHOP) ## Collect what clients read into the translations, and compile them.
	$(BIN)/python -m integrations.words.collecting

fuzz: $(WORKSHOP) ## Send what nobody sends for a quarter of an hour or so (`make check` has a short version).
	$(BIN)/pytest --numprocesses=0 --timeout=0 tests/guard/test_fuzz.py --hypothesis-profile=fuzz

reliability: $(WORKSHOP) ## Kill workers in 600 random histories, and the real processes at every step; on both databases.
	$(BIN)/python -m benchmarks.crashes --database sqlite --histories 300
	$(BIN)/python -m benchmarks.crashes --database postgresql --histories 300
	$(BIN)/python -m benchmarks.every_point --database sqlite
	$(BIN)/python -m benchmarks.every_point --database postgresql

$(BIN)/python:
	@for python in $(PYTHONS); do \
	  if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    exec $$python -m venv --clear $(VENV); \
	  fi; \
	done; \
	echo 'Evie needs Python 3.11 or newer with its venv module (on Debian: apt install python3-venv); none is on the PATH.' >&2; \
	exit 1

define get-uv
@uv --version >/dev/null 2>&1 || { $(BIN)/python -m ensurepip >/dev/null && \
  $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); }
endef

# The demo does without the workshop's tools, and leaves them alone where they are.
$(RUNTIME): pyproject.toml uv.lock | $(BIN)/python
	$(get-uv)
	uv sync --frozen --no-dev --inexact
	@touch $@

$(WORKSHOP): pyproject.toml uv.lock | $(BIN)/python
	$(get-uv)
	uv sync --frozen
	@touch $(RUNTIME) $@
