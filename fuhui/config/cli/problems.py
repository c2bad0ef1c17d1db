"""Which errors are expected, and the one sentence a person gets for them."""

from __future__ import annotations

from subprocess import CalledProcessError

from fuhui.config.binaries import NoPostgres
from fuhui.config.environment import BadSetting
from fuhui.config.servers import ServerTrouble
from fuhui.shared.errors import PeopleError


def sentence_for(error: Exception) -> str | None:
    """A Chinese sentence for an expected error; None for one that is a fault of the program."""
    if isinstance(error, PeopleError):
        return error.message
    if isinstance(error, NoPostgres | ServerTrouble):
        return str(error)
    if isinstance(error, BadSetting):
        return f"设置看不懂：{error}"
    if isinstance(error, CalledProcessError):
        return f"这一步没有成功：{' '.join(map(str, error.cmd[:6]))}（退出码 {error.returncode}）。"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}：{error.strerror}。请检查文件是否存在、有没有权限。"
    return _database_sentence(error)


def _database_sentence(error: Exception) -> str | None:
    kinds = [kind for kind in type(error).__mro__ if kind.__module__.partition(".")[0] in {"django", "psycopg"}]
    names = {kind.__name__ for kind in kinds}
    first = str(error).strip().partition("\n")[0]
    if "OperationalError" in names:
        return f"连不上数据库：{first}。请检查 FUHUI_DATABASE_URL，或运行 fuhui doctor。"
    if names & {"ProgrammingError", "UndefinedTable"} and "does not exist" in first:
        return f"数据库的表还没有建好（{first}）。请先运行 fuhui migrate。"
    if "CommandError" in names or "ImproperlyConfigured" in names:
        return first
    return None


