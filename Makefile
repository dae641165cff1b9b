# Needs nothing but Python 3.11 or newer, make and git. PYTHON=python3.12 make lab takes another Python.
PYTHON ?= python3
PIP = .venv/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt
SOURCES = pyproject.toml constraints.txt $(shell find embedding_course/jupyter -type f)

.PHONY: lab test test-all install build site

lab: .venv/lab         ## copy the lessons into work/ and open JupyterLab at lesson 1
	@.venv/bin/course lab $(LAB)

test: .venv/dev        ## everything that CI runs
	.venv/bin/ruff check
	.venv/bin/course build --check
	.venv/bin/python -m pytest

test-all: .venv/dev    ## the same without samples: every lesson twice, every demo
	.venv/bin/ruff check
	.venv/bin/course build --check
	.venv/bin/python -m pytest --all

build: .venv/dev       ## make the release from the lessons' sources
	.venv/bin/course build

site: .venv/site       ## run the lessons and make pages of them, in site/
	.venv/bin/course site

install: .venv/dev     ## install for teaching, or for changing the course

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		(echo "The course needs Python 3.11 or newer; PYTHON=python3.12 make lab takes another one"; exit 1)
	$(PYTHON) -m venv .venv

.venv/lab: .venv/bin/python $(SOURCES)
	$(PIP) -e '.[lab,reuse]'
	@touch $@

.venv/site: .venv/bin/python $(SOURCES)
	$(PIP) -e '.[site]'
	@touch $@ .venv/lab

.venv/dev: .venv/bin/python $(SOURCES)
	$(PIP) -e '.[dev]'
	@touch $@ .venv/lab .venv/site
