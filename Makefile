# Everything a person types here. `make` does it all; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
BIN := .venv/bin
ID ?=  # the assignment to demonstrate; all of them by default
BOOK := _build/html/index.html
DEMO := _build/demo/grades.txt
PACKAGES := $(shell find convbook autograder -type f -not -path '*/__pycache__/*')
TEST_PACKAGES := chromium nodejs postgresql

export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: all
all: $(BOOK) notebooks $(DEMO)  ## set up, build the book, release, grade the sample class
	@cat $(DEMO)
	@echo
	@echo "Open the book:      file://$(CURDIR)/$(BOOK)   (or: make serve)"
	@echo "Grade for real:     $(BIN)/autograder grade ASSIGNMENT --submissions DIR"

.venv/installed: requirements.lock pyproject.toml
	@.ci/debian python3-venv bubblewrap
	@echo "Installing the environment (a few minutes the first time)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --editable .
	@touch $@

.PHONY: install
install: .venv/installed  ## make the virtual environment .venv from requirements.lock

$(BOOK): .venv/installed _config.yml _toc.yml $(shell find book -type f) $(PACKAGES)
	@echo "Building the book"
	@mkdir -p _build
	@jupyter-book build . --warningiserror --nitpick --keep-going > _build/book.log 2>&1 \
	  || { cat _build/book.log; rm -rf _build/.doctrees; exit 1; }
	@touch $@

.PHONY: book
book: $(BOOK)  ## build the book into _build/html

notebooks: .venv/installed $(wildcard solutions/*.md) autograder/gradebook/release.py
	@echo "Releasing the assignments"
	@convbook release
	@touch $@

.PHONY: release
release: .venv/installed  ## write notebooks/ and dist/*.zip from solutions/
	@convbook release

$(DEMO): .venv/installed notebooks $(PACKAGES)
	@mkdir -p $(@D)
	@echo "Grading the sample class (about a minute)"
	@autograder demo $(ID) > $@.part
	@mv $@.part $@

.PHONY: demo
demo: .venv/installed  ## make and grade the sample class (ID=… for one assignment)
	@autograder demo $(ID)

.PHONY: serve
serve: $(BOOK)  ## show the book on http://127.0.0.1:8000
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

.PHONY: lint
lint: .venv/installed  ## ruff, ruff format, mypy
	@ruff check .
	@ruff format --check .
	@mypy

node_modules: package-lock.json
	@command -v npm >/dev/null || .ci/debian npm
	@npm ci --silent
	@touch $@

.PHONY: test
test: .venv/installed $(BOOK) node_modules  ## every test: Python, JavaScript, browser, jail
	@.ci/debian $(TEST_PACKAGES)
	@node --test --test-reporter=dot tests/js/*.test.mjs
	@$(BIN)/python -m pytest

.PHONY: weights
weights: .venv/installed  ## train the course's own networks anew (about five minutes)
	@$(BIN)/python -m convbook.trained

.PHONY: bench
bench: .venv/installed  ## measured ratios, each against a rival in the same run
	@for script in bench/*.py; do $(BIN)/python $$script; done

.PHONY: lock
lock: .venv/installed  ## compile requirements.lock from pyproject.toml
	@pip-compile --quiet --all-extras --strip-extras --allow-unsafe --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  --output-file requirements.lock pyproject.toml
	@sed -i 's/+cpu$$//' requirements.lock

.PHONY: clean
clean:  ## remove what was built; the environment and the gradebook stay
	@rm -rf _build dist .pytest_cache .mypy_cache .ruff_cache

.PHONY: help
help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12
