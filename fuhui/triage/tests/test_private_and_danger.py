"""Private parts are hidden in every writing, dangers are heard in many words, and what is neither is left alone."""

from __future__ import annotations

import pytest

from fuhui.triage.privacy import private_spans
from fuhui.triage.urgency import find_alarm

PRIVATE = """
我家3号楼2单元501|3号楼2单元501
三号楼二单元五零一|三号楼二单元五零一
三单元五楼东户漏水了|三单元五楼东户
2单元顶楼东户|2单元顶楼东户
3号楼2单元1楼东边那户|3号楼2单元1楼东边那户
12-3-602没水|12-3-602
12.3.602的|12.3.602
12/3/602|12/3/602
12、3、602|12、3、602
12 3 602收快递|12 3 602
12#3-602|12#3-602
12号602|12号602
12幢602室|12幢602室
A座1202|A座1202
4门302没暖气|4门302
一门洞302|一门洞302
2号楼15A|2号楼15A
2号楼1单元15楼A户|2号楼1单元15楼A户
2号楼-1单元-501|2号楼-1单元-501
2号楼/1单元/501|2号楼/1单元/501
2号楼1单元的501|2号楼1单元的501
2栋1单元1楼2号|2栋1单元1楼2号
住在建设路18号院3号楼201|18号院3号楼201
西排7号院2号|西排7号院2号
199 0000 1234|199 0000 1234
１９９００００１２３４|１９９００００１２３４
幺九九 零零零零 幺二三四|幺九九 零零零零 幺二三四
199＊0000＊1234|199＊0000＊1234
199…0000…1234|199…0000…1234
199O0001234|199O0001234
990101-19500101-1234|990101-19500101-1234
九九零一零一一九五零零一零一一二三四|九九零一零一一九五零零一零一一二三四
身份证后六位011234|011234
6299 9991 2345 6789 012|6299 9991 2345 6789 012
银行卡尾号1234|1234
鲁F·X0000|鲁F·X0000
鲁F D 00000|鲁F D 00000
鲁F·D00000|鲁F·D00000
车牌F39D6W|F39D6W
加微 zhangsan2020|zhangsan2020
qq群主号88776655|88776655
wang_er@163.com|wang_er@163.com
住院号 0012345|0012345
密码246810 自己进|246810
我妈李秀英阿尔茨海默|李秀英阿尔茨海默
孩子王一诺 有热性惊厥史|王一诺 有热性惊厥史
隋永芳 糖尿病 眼底出血|隋永芳 糖尿病 眼底出血
王建国做了心脏支架|王建国做了心脏支架
小宇自闭症|小宇自闭症
麦大勇 慢阻肺|麦大勇 慢阻肺
佟桂花 严重失眠抑郁|佟桂花 严重失眠抑郁
"""
HARMLESS = """
打12345投诉
96119举报
公交302路
8:30-11:30
8.30-11.30
2026.3.2
35元一斤
3号楼和5号楼
3号楼2单元没灯
5号楼东头
1-5号楼停水
2单元1到6层停水
3号楼120户
3号9点
10号2000块
高血压怎么预防
儿子查出水痘
乙肝疫苗
最近好多人失眠抑郁
施工吵得全楼失眠
400-800-8888
停车位A-217
比分21-18
20-30分钟
"""
DANGER = """
房檐冰溜子正往下断呢，底下孩子在堆雪人
四楼在阳台上用铁桶烧柴火，火苗子蹿到窗帘了
井没盖，俩孩子趴边上往下瞅呢，大人一个没有
水没到电表箱了，里头啪啪地响，别蹚水
电池鼓得跟馒头似的嘶嘶叫，还烫手，在五楼过道
谁把泳池消毒的药跟洁厕灵倒一块了，呛得人喘不了气
电梯咕咚一下掉了两层，里面有仨人，灯也灭了
锅坐在火上我人在楼下，钥匙插屋里了
桥栏杆外头站着个人，手扒着
我爸捂着胸口往下出溜，汗跟水洗的一样
大狼狗咬住孩子胳膊不松嘴
老爷子从梯子上摔下来，头底下一滩血
"""
NO_DANGER = """
去年房檐掉冰溜子砸坏过一辆自行车
刷到个短视频 电动车炸了
拿拐棍捅了捅，地上有个蚂蚁窝
剁饺子馅剁得楼下以为拆房，两把菜刀轮着剁
楼道不让堆纸壳，一着火跑都没处跑
灶上火苗发黄，水半天烧不开
楼道里桶叫人倒了半盆虾头
俺娘电话打不通，哦接了，在场院呢，没事了
"""


def _lines(block: str) -> list[str]:
    return [line for line in block.splitlines() if line]


@pytest.mark.parametrize("line", _lines(PRIVATE))
def test_a_private_part_is_hidden_in_every_writing(line: str) -> None:
    text, part = line.rsplit("|", 1)
    assert any(part in span.text for span in private_spans(text))


@pytest.mark.parametrize("text", _lines(HARMLESS))
def test_numbers_and_illnesses_of_nobody_stay_readable(text: str) -> None:
    assert not private_spans(text)


@pytest.mark.parametrize("text", _lines(DANGER))
def test_a_danger_is_heard_however_it_is_said(text: str) -> None:
    assert find_alarm(text) is not None


@pytest.mark.parametrize("text", _lines(NO_DANGER))
def test_what_is_past_told_or_meant_otherwise_raises_no_alarm(text: str) -> None:
    assert find_alarm(text) is None
