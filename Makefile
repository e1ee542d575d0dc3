# Every task of the project. `make` alone lists them. A first run makes .venv; later runs find it ready.
#
#   make run PORT=8080 WORKERS=2      make test ARGS="tests/unit -k ulid"      make lock UPGRADE=1

PY := .venv/bin/python
BOOTSTRAP := sh infra/local/bootstrap.sh
ARGS ?=
TEST_WORKERS ?= auto
RUN_ARGS = $(if $(PORT),--port $(PORT)) $(if $(WORKERS),--workers $(WORKERS)) $(if $(STACK),--stack $(STACK)) \
	$(if $(LOG),--log) $(if $(RELOAD),--reload) $(ARGS)
# Each worker runs whole files; tests/conftest.py puts the long ones first.
PYTEST = $(PY) -m pytest --numprocesses=$(TEST_WORKERS) --dist=loadfile --no-loadscope-reorder --timeout=300

# Younger packages are not locked, so that a bad release can be found first.
COOLDOWN ?= 7 days
COMPILE = $(PY) -m uv --no-config --system-certs --quiet pip compile --universal --python $(PY) --python-version 3.13 \
	--generate-hashes --no-emit-index-url --no-annotate --exclude-newer "$(COOLDOWN)" \
	--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.PHONY: help run login citizens organization backup restore emulators test quick test-full coverage lint infra types format bench contract costs generate lock package web lighthouse clean _run-set _dev-set _checks-set _node-set _web-set _browser-set _test-sets _python-checks _web-checks

help: ## List the tasks
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: _run-set _web-set $(if $(LOGIN)$(filter emulators,$(STACK)),_node-set) ## Start the local host with sample data (PORT=, WORKERS=, STACK=emulators, LOGIN=1, LOG=1, RELOAD=1)
	@$(PY) -m infra.local.demo $(RUN_ARGS)

login: _run-set ## Log a citizen in at the running sandbox, in a browser, and print the tokens (PORT=)
	@$(PY) -m infra.local.provider.app $(if $(PORT),--port $(PORT))

citizens: _run-set ## Add citizens to the running sandbox, and print their fiscal codes (COUNT=100, PORT=)
	@$(PY) -m infra.local.sandbox.citizens $(if $(COUNT),--count $(COUNT)) $(if $(PORT),--port $(PORT))

organization: _run-set ## Make an organisation, and print its manage keys and an operator's keys (FISCAL_CODE=, NAME=, REPLACE=1)
	@$(PY) -m infra.local.organization --fiscal-code "$(FISCAL_CODE)" --name "$(NAME)" $(if $(REPLACE),--replace) $(ARGS)

backup: _run-set ## Copy the data of the embedded stack, with the host running (TO=, ARGS=)
	@$(PY) -m infra.local.data.backup $(TO) $(ARGS)

restore: _run-set ## Replace the data by a backup (FROM=, ARGS=)
	@$(PY) -m infra.local.data.restore $(FROM) $(ARGS)

emulators: _run-set _node-set ## Run the emulators of the azure stack, for `func start`
	@$(PY) -m infra.local.emulators $(ARGS)

test: _test-sets ## Run all tests but the full-size ones (ARGS=, TEST_WORKERS=)
	$(PYTEST) $(ARGS)

quick: _dev-set ## Run the fast tests: rules, structure, messages and reminders (the inner loop)
	$(PYTEST) --quiet -m "not slow and not full" tests/unit tests/structure tests/functions/contract \
		tests/functions/messages tests/functions/reminders tests/functions/notifications $(ARGS)

test-full: _dev-set ## Run the full-size fault tests, and five times as many made-up requests
	$(PY) -m pytest -m full $(ARGS)
	EXAMPLES_SCALE=5 $(PY) -m pytest tests/journeys/test_fuzzed_requests.py tests/journeys/test_schemathesis.py $(ARGS)

coverage: _dev-set _node-set ## Run the tests and report branch coverage
	$(PY) -m coverage erase
	$(PY) -m coverage run -m pytest $(ARGS)
	$(PY) -m coverage combine --quiet
	$(PY) -m coverage report

lint: _python-checks _web-checks infra ## Check style, spelling, layers, web pages and the infrastructure code (makes .venv-checks)

_python-checks: _dev-set
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m codespell_lib
	.venv/bin/lint-imports
	$(PY) -m infra.generated --check

_web-checks: $(filter _web-set,$(MAKECMDGOALS))
	@sh web/build.sh check

infra: _dev-set _checks-set ## Check the infrastructure code (infra/azure)
	@env -u BC_API_KEY CKV_SKIP_PACKAGE_UPDATE_CHECK=true $(PY) -m infra.azure.check

types: _dev-set ## Check types
	$(PY) -m mypy

format: _dev-set ## Format the code
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: _dev-set ## Measure throughput and latency (ARGS=)
	@$(PY) -m tests.load.bench $(ARGS)

contract: _dev-set ## Hold a host against an OpenAPI document (SPEC=, BASE=, HEADERS="A: b|C: d", VALUES=, COMPLETE=1)
	@$(PY) -m tests.conformance "$(SPEC)" $(if $(BASE),--base "$(BASE)") $(if $(HEADERS),--headers "$(HEADERS)") \
		$(if $(VALUES),--values "$(VALUES)") $(if $(COMPLETE),--complete) $(ARGS)

costs: _dev-set ## Price the app and rewrite the tables of infra/costs (ARGS="messages=50000000 reads=2")
	@$(PY) -m infra.costs $(ARGS)

generate: _dev-set ## Write every generated file: OpenAPI, declarations for Bicep, tables of costs
	@$(PY) -m infra.generated

lock: _dev-set ## Write the lock files of the dependencies (UPGRADE=1, COOLDOWN="7 days")
	$(COMPILE) requirements.in --output-file requirements.txt
	$(COMPILE) infra/local/requirements.in --output-file infra/local/requirements.txt
	$(COMPILE) requirements-dev.in --output-file requirements-dev.txt
	$(COMPILE) infra/azure/requirements.in --output-file infra/azure/requirements.txt
	$(COMPILE) infra/local/node/requirements.in --output-file infra/local/node/requirements.txt

web: _run-set ## Build the web pages (CHECK=1 also checks and tests them)
	@sh web/build.sh $(if $(CHECK),check)

lighthouse: _dev-set _web-set ## Measure the web pages with Lighthouse (needs Chromium)
	@cd web/lighthouse && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@$(PY) -m tests.web.lighthouse

package: _dev-set _web-set ## Build the package to deploy: dist/recapito.zip, and .python_packages for azd
	@$(PY) -m infra.azure.package $(ARGS)

clean: ## Remove the venvs, caches and reports; local data in .data stays
	rm -rf infra/local/node_modules web/node_modules web/lighthouse/node_modules web/dist web/src/made
	rm -rf dist .python_packages .venv .venv-checks .venv-node .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache htmlcov bench.json
	rm -f .coverage .coverage.*
	find . -name node_modules -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

_run-set:
	@$(BOOTSTRAP) run

_dev-set:
	@$(BOOTSTRAP) dev

# It is installed with the uv of .venv.
_checks-set: _dev-set
	@$(BOOTSTRAP) checks

# All that `make test` needs. Each set waits for downloads, so they are made at the same time.
_test-sets:
	@$(MAKE) --no-print-directory $(if $(findstring --jobserver,$(MAKEFLAGS)),,--jobs=4) _dev-set _node-set _web-set _browser-set

# The emulators, the identity provider, and the real IO client for its tests.
_node-set:
	@sh infra/local/node/install.sh

# The web pages, built anew when their sources changed.
_web-set:
	@sh web/build.sh

# A citizen logs in with a browser. CI has one: the test fails there without it, and is skipped elsewhere.
_browser-set:
	@if [ -n "$$CI" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! { command -v chromedriver && command -v chromium-headless-shell; } >/dev/null; then \
		echo "recapito: installing Chromium for the tests of the pages" >&2; \
		apt-get -qq update >/dev/null && \
			apt-get -qq install -y --no-install-recommends \
				chromium chromium-driver chromium-headless-shell >/dev/null || \
			echo "recapito: no browser could be installed (see above)" >&2; \
	fi
