"""The `fuhui` command: every part is loaded only when it is called, so that help appears at once."""

from __future__ import annotations

import sys
from typing import Any

import click

from fuhui.config.cli.group import LazyGroup, Part
from fuhui.config.cli.problems import sentence_for

_HERE = "fuhui.config.cli."
PARTS = {
    "先看一看": {
        "demo": Part(_HERE + "demo:demo", "启动演示社区：数据库、网页、后台任务一起起来，Ctrl-C 全部停下"),
        "doctor": Part(_HERE + "doctor:doctor", "体检：逐项检查安装、数据库、工作日表、磁盘、邮件、时钟，并说明怎么办"),
        "version": Part(_HERE + "version:version", "显示版本"),
    },
    "正式运行": {
        "serve": Part(_HERE + "run:serve", "启动网页和接口服务"),
        "worker": Part(_HERE + "run:worker", "启动后台任务：提醒、到期检查、发送消息"),
        "live": Part(_HERE + "run:live", "启动实时推送服务"),
        "migrate": Part(_HERE + "database:migrate", "建立或升级数据库的表"),
    },
    "数据进出": {
        "import-chat": Part(_HERE + "imports:import_chat", "导入一份群聊记录文件，变成待确认的诉求"),
        "import-divisions": Part("fuhui.registry.places.cli:import_divisions",
                                 "导入行政区划表（12 位代码）", boot=True),
        "triage": Part("fuhui.triage.cli:triage", "读聊天、打标签、分组、找地点（不需要数据库）"),
    },
    "安全与权限": {
        "operator": Part(_HERE + "operators:operator", "系统管理员：建立第一个账号，忘了密码时重设"),
        "token": Part(_HERE + "tokens:token", "接口令牌：发放、列出、收回"),
        "keys": Part("fuhui.shared.crypto.cli:keys", "加密密钥：换新密钥，把旧内容改用新密钥加密", boot=True),
        "audit": Part("fuhui.shared.audit.cli:audit", "审计记录：核对是否被改动过", boot=True),
    },
    "维护": {
        "shell": Part(_HERE + "database:shell", "打开 Python 命令行，应用已就绪"),
        "django": Part(_HERE + "database:django", "运行任意一个 Django 管理命令"),
        "setup-files": Part(_HERE + "files:setup_files", "准备前端文件和静态文件（make setup 会自动调用）"),
    },
}


@click.group(
    cls=LazyGroup, parts=PARTS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
def fuhui() -> None:
    """福惠：居民社区的诉求、志愿、关怀、共享与协商。

    没有设置 FUHUI_DATABASE_URL 时，需要数据库的命令会自己启动内置的 PostgreSQL（文件在 var/）。
    """


def main(arguments: list[str] | None = None) -> Any:
    """Runs the command; an expected mistake prints one sentence and ends with code 2, never a traceback."""
    try:
        code = fuhui.main(arguments, prog_name="fuhui", standalone_mode=False)
    except click.ClickException as error:
        click.secho(error.format_message(), fg="red", err=True)
        if isinstance(error, click.UsageError) and error.ctx:
            click.echo(f"用法见：{error.ctx.command_path} --help", err=True)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("已停止。", err=True)
        sys.exit(130)
    except Exception as error:
        sentence = sentence_for(error)
        if sentence is None:
            raise
        click.secho(sentence, fg="red", err=True)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)
