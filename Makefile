# Start with `make run` and `make test`; both install whatever is missing. `make help` lists the rest.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000

BIN := .venv/bin
PAGE := src/deepsky/server/static/index.html
PAGE_SOURCES := $(shell find web/src web/public web/plugins samples -type f) \
	web/index.html web/package.json $(wildcard web/tsconfig*.json) web/vite.config.ts
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help run setup docs test test-all test-slow lint lint-python lint-web test-python test-web test-e2e clean

run: setup ## start the server and the web page (PORT=8000, HOST=127.0.0.1)
	@exec $(BIN)/deepsky serve --host $(HOST) --port $(PORT)

setup: .venv/.installed $(PAGE) ## install deepsky and build the web page

docs: .venv/.installed-dev ## build the documentation site into the folder site; the tests build it, too
	$(BIN)/python -m mkdocs build --strict --quiet

# Linting and building the page use one core each and run in parallel. Each test suite uses all
# cores, so the suites run one after the other.
test: ## run all checks except the slow tests
	@$(MAKE) --no-print-directory --jobs 2 lint $(PAGE)
	@$(MAKE) --no-print-directory test-web test-python test-e2e

# All tests, including those marked slow: large backbones, and the image's build with downloads.
test-all: test-slow test ## run all checks
lint: lint-python lint-web ## run ruff, mypy, ESLint and TypeScript
lint-python: .venv/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

lint-web: web/node_modules/.installed
	cd web && npm run --silent lint

test-python: .venv/.installed-dev $(PAGE) ## run pytest, without the slow tests
	@scripts/ensure-postgresql
	$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist worksteal -m 'not slow'

# One process: the slow tests need gigabytes of memory, and TensorFlow and pip use all cores.
test-slow: .venv/.installed-dev $(PAGE) ## run the slow tests
	$(BIN)/pytest -m slow

test-web: web/node_modules/.installed ## run Vitest
	cd web && npm test --silent

test-e2e: .venv/.installed $(PAGE) ## run Playwright: the web page in a browser
	@scripts/ensure-browser
	cd web && npm run --silent e2e

help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

clean: ## remove everything that was installed and built
	rm -rf .venv web/node_modules src/deepsky/server/static site

.venv/.installed: pyproject.toml constraints.txt
	@scripts/check-tool "$(PYTHON)" 'import sys; sys.exit(sys.version_info < (3, 11))' \
		'Python 3.11 or newer' 'https://www.python.org (or: make PYTHON=/path/to/python3.11)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo 'Installing the Python packages (about a minute) …'
	@$(PIP) --constraint constraints.txt --editable .
	@touch $@

.venv/.installed-dev: .venv/.installed
	@echo 'Installing TensorFlow and the test packages (a few minutes) …'
	@$(PIP) --constraint constraints.txt --editable '.[train,dev]'
	@touch $@

web/node_modules/.installed: web/package.json web/package-lock.json
	@scripts/check-tool node 'const [a, b] = process.versions.node.split("."); process.exit(Number(a < 20 || (a == 20 && b < 19)))' \
		'Node.js 20.19 or newer' 'https://nodejs.org'
	@echo 'Installing the npm packages …'
	@cd web && npm ci --silent --no-audit --no-fund
	@touch $@

$(PAGE): web/node_modules/.installed $(PAGE_SOURCES)
	@echo 'Building the page …'
	@cd web && npm run --silent build -- --logLevel warn
	@touch $@
