"""Invented content for the gallery and its three whole pages. Nobody here exists."""

from __future__ import annotations

from collections.abc import Callable

from fuhui.shared.ui.shapes import Row, cell, chip, option, row, stat, step, timeline_item

STEPS = [
    step("已收到", "done", "3月2日 周一 09:30"),
    step("已转给 3 号网格 赵敏", "done", "3月2日 周一 09:42"),
    step("正在处理", "now", note="预计 3月4日 周三 17:30 前答复，按 2 个工作日计算"),
    step("回访", "todo"),
    step("办结", "todo"),
]
LATE_STEPS = [
    step("已收到", "done"),
    step("处理", "late", note="已超 3 小时"),
    step("回访", "todo"),
    step("办结", "todo"),
]
HISTORY = [
    timeline_item(
        "3月3日 周二 15:10", "物业已到场", by="赵敏（网格员）", tone="accent", body="电梯公司今天换钢丝绳，明早恢复。"
    ),
    timeline_item(
        "3月3日 周二 09:30", "首次答复超时", by="系统", tone="late", body="应在 2 小时内答复，实际 3 小时 10 分钟。"
    ),
    timeline_item("3月2日 周一 09:42", "转给 3 号网格", by="陈书记", href="/ui/"),
    timeline_item("3月2日 周一 09:30", "居民提出", by="王秀英", tone="done"),
]
ROWS: list[Row] = [
    row(
        "3号楼2单元电梯停了两天，老人下不了楼",
        href="/ui/sample/case/",
        sub="3号楼 · 王秀英",
        note="同类 4 件",
        pill="处理中",
        tone="accent",
        meta="还剩 2 小时",
        meta_tone="soon",
        id="42",
        unread=True,
    ),
    row(
        "小区北门路灯不亮，晚上看不清台阶",
        href="/ui/sample/case/",
        sub="北门 · 李建国",
        pill="待受理",
        meta="已超 3 小时",
        meta_tone="late",
        id="43",
    ),
    row(
        "楼道堆了纸箱和旧家具，担心着火",
        href="/ui/sample/case/",
        sub="7号楼1单元 · 网格群",
        pill="加急",
        tone="late",
        meta="还剩 40 分钟",
        meta_tone="soon",
        id="44",
    ),
    row(
        "想问一下老年证在哪里办",
        href="/ui/sample/case/",
        sub="网格群 · 周桂兰",
        pill="已答复",
        tone="done",
        meta="3月1日 周日",
        id="45",
    ),
    row(
        "5号楼下水道返味",
        href="/ui/sample/case/",
        sub="5号楼 · 孙丽",
        pill="待回访",
        tone="soon",
        meta="还剩 2 天",
        id="46",
    ),
]
PEOPLE_ROWS = [
    row("王秀英", href="/ui/", lead="王", sub="82 岁 · 独居 · 3号楼2单元301", meta="今天该走访", meta_tone="soon"),
    row("李建国", href="/ui/", lead="李", sub="76 岁 · 7号楼1单元502", meta="上次 2月20日"),
    row(
        "周桂兰",
        href="/ui/",
        lead="周",
        sub="一户两人 · 5号楼3单元102",
        meta="已超 3 天",
        meta_tone="late",
        checkbox="p3",
    ),
]
CHIPS = [
    chip("全部", "/ui/", on=True, count="38"),
    chip("快到期", "/ui/", count="6"),
    chip("已超期", "/ui/", count="2"),
    chip("未分派", "/ui/", count="4"),
    chip("待回访", "/ui/", count="9"),
]
KINDS = [option("repair", "报修"), option("noise", "噪声"), option("safety", "安全隐患", "优先"), option("ask", "咨询")]
GRIDS = [option("1", "1 号网格"), option("2", "2 号网格"), option("3", "3 号网格 赵敏")]
COLUMNS = ["网格", "#收到", "#办结", "#响应率", "#满意率"]
TABLE = [
    ["1 号网格", "42", "40", "95.2%", cell("98.0%", tone="done")],
    [cell("2 号网格", href="/ui/"), "37", "31", cell("83.8%", tone="soon"), "91.2%"],
    ["3 号网格", "58", "44", cell("75.9%", tone="late"), "88.6%"],
]
WEEKS = ["周", "收到", "办结"]
WEEK_ROWS = [["2月9日", "31", "28"], ["2月16日", "18", "22"], ["2月23日", "44", "37"], ["3月2日", "38", "35"]]
STATS = [
    stat("待办", "12", unit="件", href="/ui/", sub="其中 3 件今天到期"),
    stat("快到期", "3", unit="件", href="/ui/", tone="soon"),
    stat("已超期", "1", unit="件", href="/ui/", tone="late", sub="最久 3 小时"),
    stat(
        "响应率",
        "92.7",
        unit="%",
        href="/ui/",
        sub="38 / 41 件",
        trend="较上周 +3.1",
        trend_tone="done",
        definition="本周收到的诉求中，在期限内首次答复的占比；到期未答复的算在分母里。",
    ),
]
GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": name, "value": value, "tone": tone, "href": "/ui/"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, y], [x + 0.004, y], [x + 0.004, y + 0.003], [x, y + 0.003], [x, y]]],
            },
        }
        for name, value, tone, x, y in (
            ("1 号网格", "4 件", "", 121.260, 37.500),
            ("2 号网格", "7 件", "soon", 121.2642, 37.500),
            ("3 号网格", "12 件", "late", 121.260, 37.5032),
            ("4 号网格", "0 件", "done", 121.2642, 37.5032),
        )
    ],
}
ICONS = """
    home today inbox paste people user map pin chart bell plus search check clock alert back more menu close camera
    phone calendar heart book star building send filter download upload merge link copy sun moon type
""".split()  # noqa: SIM905 - a list of words


def gallery() -> dict[str, object]:
    """Everything the gallery shows."""
    return {
        "steps": STEPS,
        "late_steps": LATE_STEPS,
        "history": HISTORY,
        "rows": ROWS,
        "people": PEOPLE_ROWS,
        "chips": CHIPS,
        "kinds": KINDS,
        "grids": GRIDS,
        "columns": COLUMNS,
        "table": TABLE,
        "weeks": WEEKS,
        "week_rows": WEEK_ROWS,
        "stats": STATS,
        "geojson": GEOJSON,
        "icons": ICONS,
        "one_row": ROWS[0],
        "errors": {"phone": "手机号应是 11 位数字，现在是 10 位。", "text": "请写一句话，说说是什么事。"},
        "picked": ["noise", "safety"],
        "tones": ["neutral", "accent", "soon", "late", "done"],
    }


def resident() -> dict[str, object]:
    """首页 of a resident."""
    mine = [
        row(
            "3号楼2单元电梯停了两天",
            href="/ui/sample/case/",
            sub="正在处理 · 赵敏（网格员）",
            pill="处理中",
            tone="accent",
            meta="3月4日 周三前答复",
        ),
        row("北门路灯不亮", href="/ui/sample/case/", sub="2月26日 已修好", pill="请您评价", tone="soon"),
    ]
    near = [
        row(
            "学雷锋日义诊：量血压、测血糖",
            href="/ui/",
            lead="5",
            sub="3月5日 周四 09:00 · 社区广场",
            meta="还可报 12 人",
        ),
        row("八段锦晨练", href="/ui/", lead="7", sub="3月7日 周六 06:30 · 东门空地"),
    ]
    return {"mine": mine, "near": near, "steps": STEPS}


def worker() -> dict[str, object]:
    """今天 of a grid worker."""
    return {"rows": ROWS[:4], "people": PEOPLE_ROWS[:2], "stats": STATS[:3]}


def case() -> dict[str, object]:
    """A case at the desk."""
    return {"rows": ROWS * 3, "steps": STEPS, "history": HISTORY, "chips": CHIPS, "grids": GRIDS}


PAGES: dict[str, Callable[[], dict[str, object]]] = {"resident": resident, "worker": worker, "case": case}
