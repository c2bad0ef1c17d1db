# ruff: noqa: E501, DTZ001
"""Places, privacy, urgency, advice, repeats: one message at a time."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fuhui.triage import (
    Candidate,
    Category,
    Kind,
    danger,
    is_staff,
    jurisdiction,
    match,
    parse_place,
    private_spans,
    redact,
    similar,
    suggest,
    understand,
)
from fuhui.triage.privacy import id_checksum_ok


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("3号楼2单元二楼的灯", ("3", "2", "2", None)), ("三号楼二单元五零一", ("3", "2", None, "501")),
        ("3-2-501漏水", ("3", "2", None, "501")), ("B座1108断网", ("B", None, None, "1108")),
        ("１２栋三单元没电", ("12", "3", None, None)), ("5#楼门口", ("5", None, None, None)),
    ],
)  # fmt: skip
def test_places_are_read_in_every_writing(text: str, wanted: tuple[str | None, ...]) -> None:
    place = parse_place(text)
    assert place is not None
    assert (place.building, place.unit, place.floor, place.room) == wanted


def test_lists_and_ranges_name_every_building() -> None:
    place = parse_place("10-12号楼停水")
    assert place is not None
    assert place.buildings == ("10", "11", "12")


def test_a_nickname_is_only_a_weak_hint() -> None:
    place = parse_place("楼道灯不亮", sender="王阿姨3-2-501")
    assert place is not None
    assert place.weak
    assert place.building == "3"


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ("打199 0000 1234找我", ["199 0000 1234"]), ("电话199-0000-1234", ["199-0000-1234"]),
        ("电话１９９００００１２３４", ["１９９００００１２３４"]), ("座机0535-6123456", ["0535-6123456"]),
        ("3号楼2单元501漏水", ["3号楼2单元501"]), ("15号楼1单元101进水", ["15号楼1单元101"]),
        ("B座1108同", ["B座1108"]), ("3-2-501的老人", ["3-2-501"]), ("卡号6222 0000 0000 0000 123", ["6222 0000 0000 0000 123"]),
        ("俺儿周小军精神二级", ["周小军精神二级"]), ("我爸孙福来老年痴呆", ["孙福来老年痴呆"]),
        ("☎1990000【6630】", ["1990000【6630】"]), ("壹玖玖零零零零捌捌一五", ["壹玖玖零零零零捌捌一五"]),
        ("一九九/零零零零/八八三六", ["一九九/零零零零/八八三六"]), ("①⑨⑨⓪⓪⓪⓪①②③④", ["①⑨⑨⓪⓪⓪⓪①②③④"]),
        ("1 9 9 0 0 0 0 5 5 6 7", ["1 9 9 0 0 0 0 5 5 6 7"]), ("三号楼二单元五零一", ["三号楼二单元五零一"]),
        ("14栋叁单元贰零贰", ["14栋叁单元贰零贰"]), ("A5栋东单元七楼甲户", ["A5栋东单元七楼甲户"]), ("3#2-501", ["3#2-501"]),
        ("5号楼东单元301室", ["5号楼东单元301室"]), ("17#楼2-5东 门铃坏了", ["17#楼2-5东"]), ("5号楼东洞402就中", ["5号楼东洞402"]),
        ("22号楼1单元西户三楼", ["22号楼1单元西户三楼"]), ("26号院1号楼1单元301", ["26号院1号楼1单元301"]), ("A塔1906自取", ["A塔1906"]),
        ("门密码0719# 谢谢", ["0719#"]), ("晋A 9X 771那车", ["晋A 9X 771"]), ("叫何子墨手足口病", ["何子墨手足口病"]),
        ("鲍福田尘肺贰期", ["鲍福田尘肺贰期"]), ("身份证130199194407120026", ["130199194407120026"]), ("旧证130199440712002", ["130199440712002"]),
    ],
)  # fmt: skip
def test_private_parts_are_found_exactly(text: str, private: list[str]) -> None:
    assert [span.text for span in private_spans(text)] == private
    assert all(part not in redact(text) for part in private)


@pytest.mark.parametrize("text", ["3号楼2单元二楼的灯又坏了", "一共120-150元", "打12345或者119", "2026-03-12 08:54停水", "福安路17号门口有坑", "老年痴呆怎么预防", "2号楼东边单元门坏了", "6号楼东边那棵树"])
def test_what_is_not_private_stays(text: str) -> None:
    assert private_spans(text) == ()
    assert redact(text) == text


def test_the_id_checksum_follows_the_standard() -> None:
    assert id_checksum_ok("11010519491231002X")
    assert not id_checksum_ok("110105194912310021")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("楼下着火了", "119"), ("有股怪味儿 是不是煤气", "119"), ("我爸困在电梯里了", "119"), ("有人打架拿着刀", "110"),
        ("孩子不见了 六岁穿红衣服", "110"), ("大爷晕倒了叫不醒", "120"), ("赵奶奶两天没下楼敲门没人应", "120"),
        ("有个姑娘坐在楼顶边上要跳", "110"), ("电线断了掉地上冒火花", "120"), ("小孩掉水里了", "119"), ("一进门那股坏鸡蛋味", "119"),
        ("门卡半道不动了 我跟宝宝在里头 灯也没了", "119"), ("谁见着我爸了，灰棉袄，两点出去的", "110"), ("对门的奶都摞三袋了，敲门没人应", "120"),
        ("8号楼顶上那姑娘两条腿搭外边晃半天了", "110"), ("窗户外头架子上有个人影，拿手电一扇一扇照玻璃", "110"),
        ("我不敢出声 他在砸我家门", "110"), ("大招牌就剩一个螺丝挂着了，底下一堆孩子排队", "119"), ("俺娘说话呜噜，嘴往一边歪，筷子也拿不住", "120"),
        ("俩孩子还在礁石上，潮都涨到半腰了", "119"), ("扶手一摸麻一下", "120"), ("狗追着孩子咬，快来人", "110"),
        ("挖断管子了，底下嘶嘶往外喷气", "119"), ("闺女说活着没意思，药都吃了", "110"), ("我妈在路口被车撞了", "122"),
    ],
)  # fmt: skip
def test_danger_now_names_the_number_to_dial(text: str, number: str) -> None:
    found = danger(text)
    assert found is not None
    assert found.number == number
    assert number in found.advice


@pytest.mark.parametrize(
    "text",
    [
        "去年那回着火吓死人", "要是着火了谁负责", "万一电梯困人怎么办", "听说隔壁小区着火了", "转：某小区电梯坠落三人",
        "热得嗓子冒烟", "我家猫走丢了", "跳楼价甩卖", "【消防演练通知】明天冒烟不要惊慌", "孩子差点掉井里", "打不着火了谁有搭电线", "楼道灯又坏了", "校园网又抽风了", "地下室有人打架子鼓",
        "家用灭火器 着火不慌 两件包邮", "昨晚梦见有人拿刀", "防溺水人人有责[链接]",
    ],
)  # fmt: skip
def test_past_fear_hearsay_and_jokes_raise_no_alarm(text: str) -> None:
    assert danger(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("法院判决下来对方不执行", "litigation"), ("劳动仲裁的裁决我不认", "arbitration"), ("我要举报书记贪污", "discipline"),
        ("我已经去信访局上访了", "petition"), ("不服城管的行政处罚", "review"), ("申请政府信息公开", "disclosure"),
    ],
)  # fmt: skip
def test_what_belongs_elsewhere_is_refused_with_its_channel(text: str, code: str) -> None:
    found = jurisdiction(text)
    assert found is not None
    assert found.code == code
    assert "请" in found.channel


@pytest.mark.parametrize("text", ["再不修我就起诉物业", "邻居吵架帮忙调解一下", "楼道堆物没人管"])
def test_threats_and_plain_matters_are_taken_in(text: str) -> None:
    assert jurisdiction(text) is None


def test_one_message_is_understood_with_reasons_and_a_safe_headline() -> None:
    seen = understand("麻烦看下3号楼2单元501厨房漏水，电话199 0000 1234")
    assert seen.kind is Kind.REPORT
    assert seen.category in {Category.PROPERTY, Category.FACILITIES}
    assert len(seen.title) <= 20
    assert "501" not in seen.title
    assert seen.evidence["kind"]
    assert understand("大家早上好🌹").kind is Kind.CHAT
    assert understand("已派人处理", sender="网格员小李").kind is Kind.STAFF


def test_staff_are_told_by_their_names() -> None:
    assert all(map(is_staff, ["网格员小宋", "福惠社区-丁倩", "锦绣物业客服", "11网格小武", "余书记"]))
    assert not any(map(is_staff, ["3号楼夏大姐", "房产小崔", "班主任", "社区团购小美", "A通下水小马"]))


def test_a_repeat_is_found_and_another_building_is_not() -> None:
    now = datetime(2026, 3, 12, 9, 0)
    new = Candidate("n", "3栋2单元电梯又不动了", time=now)
    old = [
        Candidate("a", "3栋2单元电梯坏了", time=now - timedelta(minutes=12)),
        Candidate("b", "5栋1单元电梯坏了", time=now - timedelta(minutes=5)),
        Candidate("c", "3栋后面垃圾没人收", time=now - timedelta(minutes=5)),
    ]
    found = match(new, old)
    assert found[0].candidate_id == "a"
    assert "12 分钟前" in found[0].evidence_zh
    assert "同一件事" in found[0].evidence_zh
    assert "b" not in {m.candidate_id for m in found}
    assert similar("3栋2单元电梯坏了", "5栋1单元电梯坏了") == 0


def test_the_right_past_answer_comes_first() -> None:
    past = [("1", "居住证怎么办", "带身份证"), ("2", "老人高龄津贴认证在哪办", "手机刷脸"), ("3", "疫苗几点打", "上午")]
    assert suggest("请问高龄津贴怎么认证", past)[0].id == "2"
    assert suggest("", past) == []
    assert suggest("我家老爷子八十了，国家给的那个钱咋领", past)[0].id == "2"
    assert suggest("宝宝该打针了", past)[0].id == "3"


def test_questions_of_another_hand_find_their_answers() -> None:
    folder = Path(__file__).parents[1] / "kept_back" / "answers"
    past, asked = (
        [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()] for name in ("past.jsonl", "asked.jsonl")
    )
    known = [(row["id"], row["question"], row["answer"]) for row in past]
    found = sum(row["right"] in {one.id for one in suggest(row["question"], known)} for row in asked)
    assert found >= 0.6 * len(asked)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("想借多媒体教室给业主开会，怎么申请", "想借多媒体教室给业主开会，怎么申请"),
        ("您好，我是3号楼的王阿姨，楼道灯坏了三天了，能不能修修", "楼道灯坏了三天了，能不能修修"),
        ("地下室让人改成宿舍了，住着七八个人，3号楼，煤气罐电炉子都有", "地下室让人改成宿舍了，住着七八个人"),
        ("快来人！3号楼2单元电梯卡在五楼和六楼中间，里面有个老太太和小孩", "3号楼2单元电梯卡在五楼和六楼中间"),
        ("3号楼2单元501，下水道堵了", "下水道堵了"),
        ("怎么办", "怎么办"),
        ("[图片]", "（无文字）"),
    ],
)
def test_the_headline_says_the_matter_not_the_last_words(text: str, title: str) -> None:
    assert understand(text).title == title
