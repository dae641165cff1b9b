# Needs nothing but Python 3.11 or newer, make and git. PYTHON=python3.12 make lab takes another Python.
PYTHON ?= python3
INSTALL = @$(PYTHON) embedding_course/course/install.py
SOURCES = pyproject.toml constraints.txt embedding_course/course/install.py $(shell find embedding_course/jupyter -type f)

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

.venv/lab: $(SOURCES)
	$(INSTALL) lab,reuse
	@touch $@

.venv/site: $(SOURCES)
	$(INSTALL) site
	@touch $@ .venv/lab

.venv/dev: $(SOURCES)
	$(INSTALL) dev
	@touch $@ .venv/lab .venv/site
