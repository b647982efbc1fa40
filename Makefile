# make run、make test 各自完成全部准备工作；只需要 Python 3.11 或 3.12（连同头文件和 venv）、make 和 C 编译器。
SHELL := /bin/bash
PY := .venv/bin/python
# the certificates of the system, not only the ones that uv carries (two names: older and newer uv)
export UV_NATIVE_TLS := 1
export UV_SYSTEM_CERTS := 1
export VIRTUAL_ENV := $(CURDIR)/.venv
# whatever the locale is: what is told is Chinese
export PYTHONUTF8 := 1
SYNC := $(PY) -m uv sync -q --frozen --inexact
# what is there already is not asked for again: the network only where something is missing
synced = $(SYNC) --offline $(1) 2>/dev/null || $(SYNC) $(1)

.PHONY: setup run test check soak mutate pictures compliance bench other sbom audit clean

setup: .venv/ready
	@.ci/system-packages tests || true

.venv/ready: pyproject.toml uv.lock
	@$(SYNC) --offline 2>/dev/null || { set -e; chosen=; for p in python3.12 python3.11 python3; do \
	  if $$p -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] < (3, 13)))' >/dev/null 2>&1; then chosen=$$p; break; fi; done; \
	if [ -z "$$chosen" ]; then echo "缺少 Python 3.11 或 3.12，请先安装"; exit 1; fi; \
	PYTHON=$$chosen .ci/system-packages base; \
	[ -x $(PY) ] || $$chosen -m venv .venv; \
	$(PY) -m uv --version >/dev/null 2>&1 || $(PY) -m pip install uv >/dev/null 2>&1 \
	  || { echo "取不到 uv（$(PY) -m pip install uv 不成功），请检查网络和软件包源"; exit 1; }; \
	why=$$($(SYNC) 2>&1) || { echo "取不到所需的库（$(PY) -m uv sync --frozen 不成功）：$${why%%$$'\n'*}"; exit 1; }; }
	@touch $@

run: .venv/ready
	@.venv/bin/wenze demo || [ $$? -eq 1 ]
	@.venv/bin/wenze serve --sample examples/plan-task-missed.yaml

# each worker takes one half, in order, and then from the other's: what a file makes ready is made by one of them
test: .venv/ready
	@.ci/system-packages tests
	@$(PY) -m pytest -q -n 2 --dist worksteal

check: setup
	@.venv/bin/ruff format --check -q . && .venv/bin/ruff check . && .venv/bin/mypy && .venv/bin/lint-imports

# Spark holds the columns against another implementation; where it cannot be had, the rest runs
soak: setup
	@.ci/system-packages spark || true
	@$(call synced,--group bench)
	@$(call synced,--group spark) || true
	@$(PY) -m pytest -q -m soak

# the pictures of the README, taken by the test that walks it
pictures: setup
	@mkdir -p docs/pictures build/pictures
	@$(PY) -m pytest -q tests/e2e/test_walk.py -k walk_of_the_readme && cp build/pictures/*.png docs/pictures/

# every change of the encoded law against the features: long; the report is in build/mutation
mutate: setup
	@.venv/bin/wenze rules mutate

# the scenarios run first; the report is written even where one of them fails, and then the target fails
compliance: setup
	@$(PY) -m pytest -q -n 2 tests/bdd --scenario-results build/compliance/results.json; code=$$?; \
	.venv/bin/wenze compliance build/compliance/results.json build/compliance && exit $$code

bench: setup
	@.ci/system-packages spark || true
	@$(call synced,--group bench)
	@$(call synced,--group spark) || true
	@$(PY) -m tests.bench

# unit tests and features on the other Python, where the machine has it (also where pyenv keeps it aside) and its packages
other: .venv/ready
	@that=$$($(PY) -c 'import sys; print(f"python3.{23 - sys.version_info[1]}")'); unset VIRTUAL_ENV; \
	$$that -c '' >/dev/null 2>&1 || export PYENV_VERSION=$$(pyenv versions --bare 2>/dev/null | grep -m 1 "^$${that#python}[.]"); \
	export UV_PYTHON=$$($$that -c 'import sys; print(sys.executable)' 2>/dev/null) UV_PROJECT_ENVIRONMENT=build/$$that; \
	[ -n "$$UV_PYTHON" ] || { echo "没有 $$that，不在其上重复测试"; exit 0; }; \
	$(call synced,) || { echo "取不到 $$that 所需的库，不在其上重复测试"; exit 0; }; \
	build/$$that/bin/python -m pytest -q -n 2 --dist worksteal tests/unit tests/bdd

sbom: .venv/ready
	@$(PY) .ci/bill_of_materials.py build/sbom.cdx.json

# 0: none known; 1: some known; 3: not audited, since the service could not be asked
audit: .venv/ready
	@$(PY) .ci/dependency_audit.py

clean:
	rm -rf build .venv .pytest_cache .mypy_cache .ruff_cache
