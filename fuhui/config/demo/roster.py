"""Who can sign in to the demo: one account per role, and the workers behind them. No Django here: settings read it."""

from __future__ import annotations

from typing import NamedTuple

CODE = "370611001038"
STREET = "370611001000"
PASSWORD = "fuhui-demo"  # noqa: S105 - printed by `make demo`: everything in it is invented

# Role shown, user name, password, first page.
ACCOUNTS: tuple[tuple[str, str, str, str], ...] = tuple(
    (role, username, PASSWORD, page)
    for role, username, page in (
        ("社区书记", "chen", "/"),
        ("网格员（第三网格）", "zhao", "/chat/"),
        ("社区工作者", "sun", "/"),
        ("街道干部", "liu", "/street/"),
        ("居民", "wang", "/"),
        ("志愿者", "lin", "/"),
        ("健康驿站医护", "song", "/"),
        ("组织负责人（物业）", "ma", "/"),
        ("审计员", "shen", "/audit/"),
        ("系统管理员", "fang", "/staff/"),
    )
)
NAMES = {
    "chen": "陈静", "zhao": "赵敏", "sun": "孙丽", "liu": "刘卫东", "wang": "王秀兰", "lin": "林晓峰",
    "song": "宋晓宁", "ma": "马建国", "shen": "沈明", "fang": "方远",
}  # fmt: skip


class Worker(NamedTuple):
    """A grid worker: grid number, user name and name."""

    grid: int
    username: str
    name: str


WORKERS: tuple[Worker, ...] = (
    Worker(1, "qian", "钱慧"), Worker(2, "zhou", "周海燕"), Worker(3, "zhao", "赵敏"), Worker(4, "wu", "吴桂芹"),
    Worker(5, "zheng", "郑磊"), Worker(6, "feng", "冯玉玲"), Worker(7, "chu", "初爱华"), Worker(8, "wei", "魏国强"),
    Worker(9, "jiang", "姜楠"), Worker(10, "yu", "于翠萍"), Worker(11, "lv", "吕芳"), Worker(12, "qu", "曲春晓"),
)  # fmt: skip
DEMO_ACCOUNTS = tuple({"username": name, "name": NAMES[name], "role": role} for role, name, _, _ in ACCOUNTS)


class Neighbour(NamedTuple):
    """Another community of the street: code, name, its secretary and three grid workers (user name, name)."""

    code: str
    name: str
    area: str
    staff: tuple[tuple[str, str], ...]


NEIGHBOURS: tuple[Neighbour, ...] = (
    Neighbour("370611001031", "河滨社区", "河滨里",
              (("hb1", "丛丽娜"), ("hb2", "迟永刚"), ("hb3", "衣秀梅"), ("hb4", "慕容雪"))),
    Neighbour("370611001032", "银河社区", "银河苑",
              (("yh1", "隋志远"), ("yh2", "战晓红"), ("yh3", "辛玉芬"), ("yh4", "矫健"))),
    Neighbour("370611001037", "德胜社区", "德胜家园",
              (("ds1", "都兴华"), ("ds2", "牟春玲"), ("ds3", "宫大伟"), ("ds4", "栾晓"))),
    Neighbour("370611001043", "南苑街社区", "南苑里",
              (("ny1", "鞠文静"), ("ny2", "解丰收"), ("ny3", "阎淑芳"), ("ny4", "仲维"))),
)
