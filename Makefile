# Two commands matter: `make demo` and `make test`. Each makes its own environment in .venv from the pinned requirements.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
BIN := .venv/bin
KILLS ?= 1000
ORDERS ?= 10000

.PHONY: demo test test-long lint types expected examples docs bench crash eval clean

demo: .venv/run.done
	@sh examples/demo.sh demo

test: .venv/dev.done
	$(BIN)/python -m pytest -n 2

test-long: .venv/llm.done
	$(BIN)/python -m pytest -m slow -n 2

lint: .venv/dev.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev.done
	$(BIN)/mypy -p signoff.domain -p signoff.tools -p signoff.agents -p signoff.prompts -p signoff.graph -p signoff.evals -p signoff.app

expected: .venv/dev.done  ## rewrite the expected results beside tests/documents, and the chat in the README; read the diff
	SIGNOFF_REWRITE=1 $(BIN)/python -m pytest tests/test_documents.py tests/app/test_chat_view.py

examples: .venv/dev.done  ## render examples/orders again from examples/orders.yaml
	$(BIN)/python examples/render.py

docs: .venv/dev.done  ## print again what docs/ takes from the code
	$(BIN)/python docs/generate.py

bench: .venv/dev.done
	$(BIN)/python tests/bench.py
	$(BIN)/python tests/bench_reading.py
	$(BIN)/python tests/bench_agents.py
	$(BIN)/python tests/bench_letters.py
	$(BIN)/python tests/bench_checks.py
	$(BIN)/python tests/bench_store.py build/store
	$(BIN)/python tests/bench_workers.py
	$(BIN)/python tests/bench_growth.py build/growth

crash: .venv/dev.done  ## kill -9 at random moments, on both stores; an hour and more with the usual numbers
	$(BIN)/python tests/crash/crash.py $(KILLS) $(ORDERS)
	$(BIN)/python tests/crash/crash.py $$(( $(KILLS) / 5 )) 0 --postgres

eval: .venv/dev.done  ## 600 made-up orders through the whole process: the table, and build/eval/run/report.html
	rm -rf build/eval
	$(BIN)/signoff eval generate build/eval/data --orders 600 --seed 1
	$(BIN)/signoff eval run build/eval/data --out build/eval/run

clean:
	rm -rf .venv demo build *.egg-info

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Signoff needs Python 3.11 or newer; set PYTHON=/path/to/python3.11") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv

.venv/run.done: requirements/run.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.done: requirements/dev.txt requirements/eval.txt .venv/run.done
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt -r requirements/eval.txt
	@touch $@

build/tryton/done: requirements/tryton.txt $(shell find bridges/tryton -type f)  ## the real Tryton of tests/tools/erp, apart from Signoff
	$(PYTHON) -m venv build/tryton/venv
	build/tryton/venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/tryton.txt
	rm -rf build/tryton/bridge && cp -R bridges/tryton build/tryton/bridge
	build/tryton/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --force-reinstall build/tryton/bridge
	@touch $@

.venv/llm.done: requirements/llm.txt .venv/dev.done
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements/llm.txt
	@touch $@
