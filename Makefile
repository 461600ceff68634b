# Everything that is done to this project is done from here. Plain `make` lists it.
SHELL := /bin/bash
PYTHON := .venv/bin/python
DESK := .venv/bin/access-desk
# A window needs more of the system than a run without a display.
INSTALLED := .venv/.installed$(if $(DISPLAY)$(WAYLAND_DISPLAY),-with-display)
N ?= 1000
SEEDS ?= 0:100
HOURS ?=
EVENTS ?= 20000
KILLS ?= 200
DESKS ?= 300
ON ?=
EXAMPLES ?= 200
export PYTHONPATH :=
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install run test check demo screens bench bench-index bench-central kill-loop simulate planted tamper test-central activations faults fuzz fuzz-central openapi clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | while IFS='|' read -r t d; do printf '  make %-11s %s\n' "$$t" "$$d"; done

install: $(INSTALLED) ## make .venv with everything that is needed

$(INSTALLED): requirements-dev.lock pyproject.toml tools/setup.sh
	@bash tools/setup.sh
	@touch $@

run: install ## open the desk with a practice facility; without a display, play a demo day and say where its papers are
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(DESK) demo --window; else $(MAKE) --no-print-directory demo; fi

demo: install ## play the demo day through the real screens, offscreen
	@QT_QPA_PLATFORM=offscreen $(DESK) demo --out build/demo

test: check ## run everything that CI runs
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -q -n auto

test-central: install ## the tests of central and sync on three databases in memory, on PostgreSQL, on three PostgreSQL servers
	@for kind in three postgres three-postgres; do echo "central: $$kind"; \
	  ACCESS_DESK_TEST_CENTRAL=$$kind QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -q -n auto \
	  tests/central tests/sync tests/services/test_numbers.py || exit 1; done

faults: install ## two desks, a bad network, a central that is killed (EVENTS=20000 KILLS=200; ON=--postgres: the server is killed too)
	@$(PYTHON) -m tests.faults --events $(EVENTS) --kills $(KILLS) $(ON)

openapi: install ## write docs/openapi.json, what central's HTTP interface takes and answers
	@$(PYTHON) tools/openapi.py

fuzz-central: install ## ask central whatever its OpenAPI document allows and forbids (EXAMPLES=200)
	@$(PYTHON) -m tests.fuzz --examples $(EXAMPLES)

fuzz: install ## run the property tests on new random cases
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -q -n auto -m hypothesis --hypothesis-profile=default

lock: ## write the locks again after pyproject.toml changed; what is pinned stays (needs uv)
	@uv pip compile -q pyproject.toml --extra server --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock
	@uv pip compile -q pyproject.toml --extra server --group dev --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements-dev.lock

check: install ## style, types, floors
	@.venv/bin/ruff check src tests tools migrations
	@.venv/bin/ruff format --check -q src tests tools migrations
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo >/dev/null || .venv/bin/lint-imports --no-logo

screens: install ## draw every screen into docs/screens
	@QT_QPA_PLATFORM=offscreen $(DESK) screens --out docs/screens

bench: install ## measure, and write docs/performance.md
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m tests.bench --write docs/performance.md

bench-index: install ## measure the patient index with a million rows
	@ACCESS_DESK_BENCH_ROWS=1000000 $(PYTHON) -m tests.bench index

bench-central: install ## measure central: ingest, feed, a storm of DESKS desks over HTTPS, snapshots, PouchDB (DESKS=300)
	@ACCESS_DESK_BENCH_DESKS=$(DESKS) $(PYTHON) -m tests.bench central wire feed storm bootstrap peer

kill-loop: install ## kill a playing day N times (N=1000)
	@$(PYTHON) -m tests.kill_loop --count $(N)

simulate: install ## days of several desks with faults, under virtual time (SEEDS=0:100, HOURS=8 for days of one length)
	@$(PYTHON) -m tests.simulation --seeds $(SEEDS) $(if $(HOURS),--hours $(HOURS))

tamper: install ## spoil N copies of a desk and of a central, and look at as many that nobody touched (N=1000)
	@$(PYTHON) -m tests.tamper --clean $(N) --tampered $(N)

planted: install ## plant every bug of tests/simulation/planted in turn and run the seed that found it
	@$(PYTHON) -m tests.simulation.planted

activations: install ## press payment, void and close twice and three times on their screens, N rounds each (N=1000)
	@ACCESS_DESK_ROUNDS=$(N) QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -q tests/ui/test_money_activations.py

clean: ## remove what was made
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .schemathesis .import_linter_cache
