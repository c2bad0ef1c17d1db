# Fuhui: `make demo` shows it, `make test` proves it. Needs Python 3.11–3.13 and make; nothing else.
PORT ?= 8000
PYTHON ?=
PROCESSES ?= 2
PARTS ?= lint contracts types migrations tests browser
SHELL := /bin/sh
PY := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test test-quick $(PARTS) bench bench-checkin bench-triage lock

# The first Python that really runs and is of a supported version (a name on the path may be an empty shim).
SUITS = import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PICK = for p in $(PYTHON) $(PY) python3.13 python3.12 python3.11 python3 python; do \
	"$$p" -c '$(SUITS)' >/dev/null 2>&1 && echo "$$p" && break; done
define INSTALL
python="$$($(PICK))"; \
if [ -z "$$python" ]; then \
  echo "没有找到合适的 Python：需要 3.11、3.12 或 3.13（带 venv）。装好后再试，或者：make $@ PYTHON=/路径/python3.12" >&2; exit 1; fi; \
"$$python" -m fuhui.config.install $(1) && $(PY) -m fuhui.config.cli setup-files
endef
# A part of the tests: a heading, the command, the seconds it took.
define PART
begin=$$(date +%s); printf '\n\033[1m── %s ──\033[0m\n' "$(1)"; \
$(2); code=$$?; printf '   %s：%s，%s 秒\n' "$(1)" "$$([ $$code -eq 0 ] && echo 通过 || echo 没有通过)" "$$(($$(date +%s) - begin))"; exit $$code
endef

help: ## 这份说明
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-13s %s\n", $$1, $$2 }'

setup: ## 安装（.venv、前端包、静态文件），第二次只需一瞬间
	@$(call INSTALL,main)

setup-dev: ## 安装，连同测试和检查用的工具
	@$(if $(READY),:,$(call INSTALL,dev))

demo: setup ## 启动演示社区；换端口：make demo PORT=8080；Ctrl-C 全部停下
	@exec $(PY) -m fuhui.config.cli demo --port $(PORT)

test: setup-dev ## 全部检查和测试，包括真实浏览器里的故事
	@begin=$$(date +%s); failed=""; \
	for part in $(PARTS); do $(MAKE) --no-print-directory READY=1 $$part || failed="$$failed $$part"; done; \
	printf '\n共 %s 秒。' "$$(($$(date +%s) - begin))"; \
	if [ -n "$$failed" ]; then echo "没有通过：$$failed"; exit 1; else echo "全部通过。"; fi

test-quick: setup-dev ## 只跑测试，不跑浏览器，遇到第一个失败就停
	@$(call PART,测试,$(PY) -m pytest -q -x -n $(PROCESSES) -m "not browser")

lint: setup-dev ## 代码风格
	@$(call PART,代码风格 ruff,$(PY) -m ruff check .)

contracts: setup-dev ## 结构约定
	@$(call PART,结构约定 import-linter,$(PY) -c "from importlinter.cli import lint_imports_command as run; run()" --no-cache)

types: setup-dev ## 类型
	@$(call PART,类型 mypy --strict,$(PY) -m mypy $(wildcard fuhui tests bench conftest.py))

migrations: setup-dev ## 迁移是否齐全
	@$(call PART,迁移,FUHUI_VAR=$${FUHUI_VAR:-var/test} $(PY) -m fuhui.config.cli django makemigrations --check --dry-run)

tests: setup-dev ## 规则、动作、页面、接口、竞争
	@$(call PART,测试 pytest,$(PY) -m pytest -q -n $(PROCESSES) -m "not browser")

browser: setup-dev ## 真实 Chromium 里的故事
	@$(call PART,浏览器里的故事,$(PY) -m tests.browser.chromium; $(PY) -m pytest -q -m browser -rs)

bench: setup-dev ## 每个请求的开销，写入 bench/results/latest.json
	@$(PY) -m bench

bench-checkin: setup-dev ## 60 秒里到 2000 个志愿者签到，写入 bench/results/checkin.json
	@$(PY) -m bench.checkin

bench-triage: setup-dev ## 语言库的质量和速度
	@$(PY) -m bench.triage

lock: setup-dev ## 按 pyproject.toml 重新生成锁文件
	@$(PY) -m fuhui.config.lock
