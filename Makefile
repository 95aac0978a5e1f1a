# 每个目标都会先自动建好环境 · every target sets itself up first, through bootstrap.py
#   make pipeline DATA="D:/我的 数据"    another study     ·    make pipeline ARGS="--period 2023Q1"    further options
PYTHON  ?= python3
DATA    ?= data
ARGS    ?=
LANG_UI ?= zh
RUN     := $(PYTHON) bootstrap.py --
JAVA    := java -version >/dev/null 2>&1
LOCKED  := $(RUN) -m uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
           --no-emit-index-url --custom-compile-command "make lock" --quiet

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup pipeline notebooks lab test fast test-engines spark-demo lint format bench score lock clean distclean

help: ## 显示这份说明 · show this page
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## 建立运行环境 .venv · make the environment
	@$(PYTHON) bootstrap.py

pipeline: ## 原始文件 → 结果 · raw files to findings (DATA=DIR: of DIR)
	@$(RUN) -m pipeline run --data "$(DATA)" $(ARGS)

notebooks: ## 运行全部笔记本并存成网页 · every notebook, as pages
	@$(RUN) -m pipeline notebooks --data "$(DATA)" $(ARGS)

lab: ## 打开 JupyterLab · open JupyterLab (LANG_UI=en: in English)
	@JUPYTER_CONFIG_PATH="notebooks/.lab/$(LANG_UI)" $(RUN) -m jupyterlab --notebook-dir=notebooks $(ARGS)

test: ## 全部测试 · all tests
	$(RUN) -m pytest tests --ignore=tests/benchmarks -n 2 --dist loadgroup $(ARGS)

fast: ## 只做快的测试 · only the fast tests
	$(RUN) -m pytest tests/unit tests/spec -n 2 --dist loadgroup -m "not slow" $(ARGS)

test-engines: ## 各引擎结果是否相同 · DuckDB = Sail = Spark?
	$(PYTHON) bootstrap.py --with sail -- -m pytest tests/engines -n 0 -m "not spark" $(ARGS)
	@if $(JAVA); then set -x; $(PYTHON) bootstrap.py --with spark -- -m pytest tests/engines -n 0 -m spark $(ARGS); \
	else echo "没有 Java，未测 Apache Spark · no Java: Apache Spark was not tested" >&2; fi

spark-demo: ## 在本机集群上跑样例 · the sample on Sail, on Spark
	$(PYTHON) bootstrap.py --with sail -- -m tests.engines.demo sail $(ARGS)
	@if $(JAVA); then set -x; $(PYTHON) bootstrap.py --with spark -- -m tests.engines.demo spark $(ARGS); \
	else echo "没有 Java，未运行 Apache Spark · no Java: Apache Spark was not run" >&2; fi

lint: ## 检查代码写法 · check the code's form
	$(RUN) -m ruff check pipeline tests bootstrap.py
	$(RUN) -m ruff format --check pipeline tests bootstrap.py

format: ## 整理代码写法 · put the code in form
	$(RUN) -m ruff check --fix pipeline tests bootstrap.py
	$(RUN) -m ruff format pipeline tests bootstrap.py

bench: ## 测速度 · measure the speed
	$(PYTHON) bootstrap.py --with peers -- -m pytest tests/benchmarks -s -q $(ARGS)

score: ## 用已知真值给估计打分 · score estimates against known truth
	$(RUN) -m tests.score $(ARGS)

lock: ## 重新锁定依赖版本 · renew all locks (ARGS=--upgrade)
	$(LOCKED) --output-file requirements.lock $(ARGS)
	$(LOCKED) --group sail --constraints requirements.lock --output-file requirements-sail.lock $(ARGS)
	$(LOCKED) --group spark --constraints requirements.lock --output-file requirements-spark.lock $(ARGS)
	$(LOCKED) --group peers --constraints requirements.lock --output-file requirements-peers.lock $(ARGS)

clean: ## 删去可重建的结果和缓存 · remove what can be rebuilt
	rm -rf data/processed .pytest_cache .ruff_cache .hypothesis
	find . \( -path ./.venv -o -path ./.boot -o -path ./.git \) -prune -o -name __pycache__ -prune -exec rm -rf {} +

distclean: clean ## 连同运行环境一起删去 · remove the environment too
	rm -rf .venv .venv-sail .venv-spark .venv-peers .boot
