# Everything a person types here. `make` does it all; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --no-input --progress-bar off
BOOK := _build/html/index.html
IDS := $(sort $(patsubst solutions/%.md,%,$(wildcard solutions/*.md)))
DEMOS := $(IDS:%=_build/demo/%/grades.txt)
TEST_PACKAGES := chromium-headless-shell nodejs postgresql
files = $(shell find $(1) -type f -not -path '*/__pycache__/*' 2>/dev/null)
# What every grade depends on: not the folders of the assignments, not what comes after grading.
GRADER := $(filter-out autograder/exports/% autograder/feedback/% autograder/summary/%, \
  $(shell find autograder -type f -not -path '*/__pycache__/*' -not -path '*/assignments/*/*'))

export PATH := $(CURDIR)/$(BIN):$(PATH)
unexport PYTHONDONTWRITEBYTECODE  # hundreds of programs would compile the same modules

.PHONY: all
all: $(BOOK) notebooks $(DEMOS)  ## set up, build the book, release, grade the sample classes
	@cat $(DEMOS)
	@echo
	@echo "Open the book:      file://$(CURDIR)/$(BOOK)   (or: make serve)"
	@echo "Grade for real:     $(BIN)/autograder grade ASSIGNMENT --submissions DIR"

.venv/installed: requirements.lock pyproject.toml
	@.ci/debian python3-venv bubblewrap
	@test -x $(BIN)/python || .ci/quietly venv "Making .venv" $(PYTHON) -m venv .venv
	@.ci/quietly libraries "Installing the libraries (minutes the first time)" \
	  $(PIP) -r requirements.lock
	@.ci/quietly course "Installing the course" $(PIP) --no-deps --editable .
	@touch $@

.PHONY: install
install: .venv/installed  ## make the virtual environment .venv from requirements.lock

$(BOOK): .venv/installed _config.yml _toc.yml $(call files,book convbook)
	@.ci/quietly book "Building the book" \
	  jupyter-book build . --warningiserror --nitpick --keep-going \
	  || { rm -rf _build/.doctrees; exit 1; }
	@touch $@

.PHONY: book
book: $(BOOK)  ## build the book into _build/html

notebooks: .venv/installed $(wildcard solutions/*.md) autograder/gradebook/release.py
	@.ci/quietly release "Releasing the assignments" convbook release
	@touch $@

.PHONY: release
release: .venv/installed  ## write notebooks/ and dist/*.zip from solutions/
	@convbook release

# The second time that make reads what a class is made of, it knows which assignment it is.
.SECONDEXPANSION:
_build/demo/%/grades.txt: .venv/installed $(GRADER) solutions/%.md \
  $$(call files,autograder/assignments/a$$(subst -,_,$$*) solutions/$$*) | notebooks
	@mkdir -p $(@D)
	@CONVBOOK_GRADING=$(@D) .ci/quietly demo-$* "Grading the sample class of $*" \
	  bash -o pipefail -c 'autograder demo $* | tee $@.part'
	@mv $@.part $@

.PHONY: demo
demo: .venv/installed  ## make and grade the sample class of each assignment, or of one: ID=...
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
	@.ci/quietly npm "Installing what the JavaScript tests need" npm ci
	@touch $@

.PHONY: test
test: .venv/installed $(BOOK) node_modules  ## every test: Python, JavaScript, browser, jail
	@.ci/debian $(TEST_PACKAGES)
	@node --test --test-reporter=dot tests/js/*.test.mjs
	@$(BIN)/python -m pytest -n $$(($$(nproc) + 1)) --dist loadfile --no-loadscope-reorder -m "not alone and not long"
	@$(BIN)/python -m pytest -m alone

.PHONY: prove
prove: .venv/installed  ## what takes long: 50 seeds of every matrix, fuzzing of intake and messages
	@for id in $(IDS); do autograder mutate $$id --seeds 50; done
	@$(BIN)/python -m pytest -m long
	@$(BIN)/python -m tests.fuzz.intake 20000
	@$(BIN)/python -m tests.fuzz.messages 200000

.PHONY: weights
weights: .venv/installed  ## train the course's own networks anew (about five minutes)
	@$(BIN)/python -m convbook.trained

.PHONY: bench
bench: .venv/installed  ## measured ratios, each against a rival in the same run
	@for script in bench/*.py; do $(BIN)/python $$script; done

.PHONY: lock
lock: .venv/installed  ## compile requirements.lock from pyproject.toml
	@.ci/quietly lock "Compiling requirements.lock" \
	  pip-compile --all-extras --strip-extras --allow-unsafe --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  --output-file requirements.lock pyproject.toml
	@sed -i 's/+cpu$$//' requirements.lock

.PHONY: clean
clean:  ## remove what was built; the environment and the gradebook stay
	@rm -rf _build dist .pytest_cache .mypy_cache .ruff_cache

.PHONY: help
help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12
