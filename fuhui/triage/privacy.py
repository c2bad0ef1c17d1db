# ruff: noqa: E501 — long lines here are lists and patterns, read as data
"""Personal data in free text: finding it and masking it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from fuhui.triage.numerals import half_width
from fuhui.triage.sieve import Sieve
from fuhui.triage.vocabulary import Span

GAP = r"[ \-—–.·_、,，/|~*＊…【】\[\]()（）]{0,3}"
HAN = "零〇○一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖"
PHONE = re.compile(rf"(?<!\d)(?:\+?86{GAP})?1[3-9]\d{GAP}\d{{4}}{GAP}\d{{4}}(?!\d)[】\])）]?")
PHONE_LOOSE = re.compile(r"(?<!\d)(?:\+?86[ \-]?)?1(?:[ \-.]?\d){10}(?![\d])")
PHONE_LETTERS = re.compile(r"(?<![\dA-Za-z])1[3-9](?=[OoIl\d \-]{0,12}[OoIl])(?:[ \-]?[\dOoIl]){9}(?![\dA-Za-z])")
PHONE_HAN = re.compile(rf"(?<![{HAN}\d])[一幺壹1](?:[ \-、，,./·—]{{0,2}}[{HAN}\d]){{10}}(?![{HAN}\d])")
LANDLINE = re.compile(r"(?<![\d\-])(?:\(?0\d{2,3}\)?[ \-—]{0,2}\d{3,4}[ \-]?\d{4})(?![\d])")
LOCAL = re.compile(r"(?:电话|座机|固话|家里电话|打)[是为:：\s]{0,3}([2-8]\d{2,3}[ \-]?\d{4})(?!\d)")
ID_CARD = re.compile(r"(?<!\d)[1-9]\d{5}[ \-]?(?:19|20)\d{2}[ \-]?\d{4}[ \-]?\d{3}[\dXx](?![\dA-Za-z])")
ID_LOOSE = re.compile(r"(?<!\d)[1-9](?:[ \-.]?\d){16}[ \-.]?[\dXx](?![\dA-Za-z])")
ID_HAN = re.compile(rf"(?<![{HAN}\d])(?:[{HAN}\d][ \-]?){{17}}[{HAN}\dXx叉](?![{HAN}\d])")
TAILS = re.compile(r"(?:身份证|证件|银行卡|储蓄卡|社保卡|医保卡|卡)(?:号码?)?(?:的)?(?:后[三四五六七八3-8]位|尾号|末[四六]位)[是为:：\s]{0,3}(\d{3,8}[Xx]?)(?!\d)")
ID_OLD = re.compile(r"(?<!\d)[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)")
BANK = re.compile(r"(?<!\d)[3-6]\d{3}(?:[ \-—.、]{0,2}\d){11,15}(?!\d)")
NUMBERED_ACCOUNT = re.compile(r"(?:户号|账号|账户|帐号|帐户|卡号|表号|编号|缴费号|学号|工号|保单号?|银行卡|存折|医保号|社保号|病历号|住院号|门诊号|就诊号|病案号|护照|残疾证号?)[是为:：\s]{0,3}([A-Za-z]{0,2}\d(?:[ \-]?\d){5,19})(?!\d)")
EMAIL = re.compile(r"[\w.+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}", re.A)
PLATE = re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][ ]?[A-HJ-Za-hj-z][·•.\- ]?(?:[A-HJ-NP-Za-hj-np-z0-9][ ·]?){4,5}[A-HJ-NP-Za-hj-np-z0-9](?![A-Za-z0-9])")
PLATE_BARE = re.compile(r"(?:车牌|车号|牌照)(?:号码?)?[是为:：\s]{0,3}([A-HJ-Za-hj-z][·•. ]?(?=[A-Za-z]*\d)[A-HJ-NP-Za-hj-np-z0-9]{5,6})(?![A-Za-z0-9])")
DOOR_CODE = re.compile(r"(?:门密码|门锁密码|密码锁|开门密码|门禁密码|密码)(?:是|为|改成|[:：\s]){0,3}([A-Za-z0-9#*]{3,12})(?![\u4e00-\u9fff]*位)")
ACCOUNT = re.compile(r"(?:微信|薇信|威信|加微|微号|加[Vv]|[VvWw][Xx]|[Vv]信|QQ|qq)(?:群主?)?(?:号码?)?[是为:：\s]{0,3}([A-Za-z][\w\-]{5,19}|\d{6,11})(?![\w])", re.A)
N = r"(?:\d{1,3}|[一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]{1,3})"
R = r"(?:[A-Za-z]?\d{3,4}(?!\d)|\d{1,2}[A-Fa-f](?![A-Za-z\d])|[一二三四五六七八九十壹贰叁肆伍陆柒捌玖][零〇○一二三四五六七八九十壹贰叁肆伍陆柒捌玖]{2,3})"
R_LONG = r"\d{1,2}(?:0[1-9]|1\d|20)(?!\d)"
TAIL = r"(?:\s?(?:室|户|房|号房))?"
DOOR = r"(?:[东西南北中左右甲乙丙丁][边首侧头]?(?:[那这靠]?(?:一)?(?:户|家(?!里))|户|门(?!口)|手|家|室)|[东西南北左右](?![面边侧头门楼]))"
MARK = r"(?:号楼|號樓|号|栋楼?|棟|幢|座|塔|#楼?|楼)"
STEP = r"(?:单元|單元|单|门洞|洞|楼门|门|梯)"
STOREY = rf"(?:{N}|顶|底)\s?(?:楼|层|樓)"
HOME = re.compile(
    rf"(?<![\d.\-])(?:[A-Za-z]?{N}[A-Za-z]?|[A-Za-z甲乙丙丁])\s?{MARK}[,，\s\-—/、·的]{{0,2}}"
    rf"(?:{N}|[东中西南北甲乙丙丁]边?)\s?{STEP}(?!口|前|外)[,，\s\-—/、·的]{{0,2}}(?:{R}{TAIL}|{DOOR}\s?{STOREY}|{STOREY}\s?的?(?:{R}{TAIL}|{DOOR}|[A-Fa-f](?![A-Za-z])[户室]?|\d号(?!楼|线|门|电梯))|{DOOR}(?=[\s，。,!！?？]|$))"
)
HOME_SHORT = re.compile(
    rf"(?<![\d.\-])(?:[A-Za-z]?{N}\s?(?:号楼|號樓|栋|棟|幢|座|#楼?)|[A-Za-z]\d?\s?(?:座|栋|幢|区|塔|号楼))[,，\s\-]?"
    rf"(?:{N}\s?(?:楼|层))?\s?(?:{R}(?:\s?(?:室|房|号房))?(?![\d元块斤个人户号路年家盏位件台瓦度平米分])|\d{{2}}(?:0[1-9]|1\d|20)户)"
)
HOME_NUMBER = re.compile(rf"(?<![\d月第.\-])\d{{1,2}}号\s?{R_LONG}(?![\d元块斤个人户号路年家盏位件台米分点出开集前后])|(?<![\d院])(?:\d{{1,2}}|[一二三四五六七八九])\s?(?:门洞?|洞)\s?\d{{3,4}}(?![\d元块斤个人户年])")
HOME_MARKS = re.compile(r"(?<![\d.\-A-Za-z/、])(?:\d{1,2}|[A-Za-z]\d{0,2})([./、·\\ ])\d{1,2}\1(?!19\d\d|20[12]\d)\d{1,2}(?:0[1-9]|1\d|20)室?(?![\d元块斤个人户路年家度平分公点:：.%])")
HOME_UNIT = re.compile(rf"(?<![\d楼栋])(?:\d{{1,2}}|[一二三四五六])\s?单元\s?[\-]?{R}{TAIL}")
HOME_DASH = re.compile(r"(?<![\d\-A-Za-z./])(?:\d{1,2}|[A-Za-z]\d{0,2})\s?[-—–_]\s?\d{1,2}\s?[-—–_]\s?\d{3,4}(?:室)?(?![\d\-])")
HOME_FLOOR = re.compile(
    rf"(?<![\d楼栋])(?:\d{{1,2}}|[一二三四五六甲乙丙丁东中西])\s?单元\s?{STOREY}\s?的?(?:{R}{TAIL}|{DOOR})|"
    rf"(?:{N}|[A-Za-z])\s?(?:号楼|栋|幢|座)\s?{N}\s?(?:楼|层)\s?(?:{DOOR}|[A-Za-z](?![A-Za-z])室?)|"
    rf"(?:{N}|[A-Za-z])\s?{MARK}[\-—\s]?\d{{1,2}}\s?[-—–]\s?\d{{3,4}}(?!\d)|(?<!\d)\d{{1,4}}号\s?{R}(?:室|房)|"
    rf"(?:{N}|[A-Za-z])\s?(?:号楼|栋|幢|座|#楼?)\s?\d{{1,2}}\s?[-—–]\s?\d{{1,2}}\s?[东西南北中左右](?![\u4e00-\u9fff]*[面边侧头门楼])|"
    rf"[\u4e00-\u9fff]{{0,4}}平房\s?{N}\s?(?:栋|排|号|幢)\s?{N}\s?号(?!楼|线|门口)|(?:[东西南北前后中]排)?(?<![\d院])\d{{1,3}}号院\s?(?:{N}\s?(?:号楼|栋|幢)\s?{R}{TAIL}|{N}\s?{STEP}\s?{R}{TAIL}|{N}\s?(?:号楼|栋|幢)\s?{N}\s?单元\s?{R}{TAIL}|{N}号(?!楼|线|门口|门前))"
)
HOME_BLOCK = re.compile(rf"[一二三四五六七八九十\d]{{1,2}}(?:片区|分区|区|组|队)\s?{N}号院\s?{N}号(?!楼|门口|门前)")
HOME_LANE = re.compile(
    rf"[\u4e00-\u9fff]{{0,4}}\d{{1,4}}弄\s?(?:\d{{1,3}}支弄)?\s?{N}号(?:楼)?(?:\s?{N}(?:楼|层))?(?:\s?{R}{TAIL})?|"
    rf"[\u4e00-\u9fff]{{0,3}}(?:[一二三四五六七八九十]{{1,3}}|\d{{1,2}})[巷排条组队]\s?{N}号(?!楼|线|路|院门|门口|门前|旁|对|前|后面|边)"
)
HOME_STREET = re.compile(
    rf"[\u4e00-\u9fff]{{1,6}}(?:街|路|巷|弄|胡同|大道|里|道|村|屯|庄|坊)\s?(?:\d{{1,4}}|[一二三四五六七八九十百]{{1,4}})号(?!楼|线|院?门口|门前|旁|对面|公交|站|路口)"
    rf"(?:[前后东西南北中内][院屋房]|[东西南北][屋厢房]房?|院|附\d{{1,2}}号?|\s?{N}(?:楼|层))*(?:\s?{R}{TAIL})?"
)
AT_HOME = re.compile(r"(?:[我俺咱]们?家?|住(?:在|址)?|家(?:在|住|是)?|门牌号?|地址|老家|上门)[是在:：，, 住]*$|^[^\u4e00-\u9fff]*$")
ESTATE = re.compile(
    r"(?:[\u4e00-\u9fff]{1,5}(?:公寓|小区|花园|家园|新村|新苑|嘉园|家属院|大院|苑|园|府|城|湾|坊|居|里|楼|街|路|巷|弄|胡同|村|庄|庙子|屯|院|区|期)|[A-Za-z东南西北中一二三四五六]区)\s?$"
)
OUTSIDE = re.compile(r"^.*?(?:门牌号?|住在?|家在|在|来|到|去|址|是|我们?家?|俺们?|咱们?|的|了|找|从|就|叫|送|寄)(?=[\u4e00-\u9fffA-Za-z]{2})")
HOME_PAIR = re.compile(r"(?<![\d\-.A-Za-z/])(?:\d{1,2}|[A-Za-z]\d?)[-—–](?:\d{1,2}(?:0[1-9]|1\d|20))(?:室)?(?![\d\-.:：元块年月分])")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费巴纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边净阴闫褚栾满郎屠隗迟衣麦佟晏佘闻蓝粟尉荀宿蒲敖逄亓寇谌练矫宫鞠仲苑桑冀戚岑滕邬卞穆"
DISEASES = (
    "老年痴呆症?|阿尔茨海默(?:症|病)?|痴呆症?|精神(?:分裂症?|病|残疾|障碍)?[一二三四]级|精神分裂症?|精神病|精神障碍|抑郁症|"
    "躁郁症|双相(?:情感)?障碍|自闭症|孤独症|癫痫|艾滋病?|HIV|乙肝|丙肝|肝炎|肺结核|结核病?|梅毒|尿毒症|透析|"
    "(?:肺|肝|胃|肠|乳腺|食道|宫颈|甲状腺|白血|淋巴|前列腺|胰腺)癌(?:晚期|早期)?|癌症?(?:晚期|早期)?|白血病|"
    "糖尿病|高血压|心脏病|冠心病|心梗|脑梗|脑出血|中风|偏瘫|半身不遂|帕金森(?:病|症)?|肾衰竭?|肝硬化|哮喘|"
    "(?:肢体|智力|听力|视力|言语|多重|精神)(?:残疾)?[一二三四]级|(?:尘|矽|硅)肺病?(?:[一二三四壹贰叁肆]期)?|手足口病?|水痘|疱疹|诺如|甲流|乙流|肺炎|红眼病|猩红热|腮腺炎|麻疹|百日咳|狂犬病|股骨头坏死|热性惊厥史?|惊厥史?|眼底(?:出血|病变)|早搏|房颤|大三阳|小三阳|化疗|放疗|(?:心脏)?(?:支架|搭桥)(?:手术)?|阿尔[茨兹]海默|大小便失禁|尿失禁|白内障|青光眼|静脉曲张|脑膜炎|(?:股骨|腰椎|髋骨|肋骨)?骨折|瘫痪|植物人|渐冻症|(?:多动|妄想|强迫)症|甲亢|甲减|痛风|结石|肾病|肾炎|胃溃疡|宫外孕|小儿麻痹|唐氏(?:综合征)?|智力障碍|脑瘫|红斑狼疮|强直性脊柱炎|流产|怀孕|慢阻肺|(?:失眠|抑郁|焦虑)+症?"
)
ILLNESS = (
    r"[^\W\d_的是有了说不这那我你他她看去就要给和跟还没上下到在怕治防]{1,6}(?:病|炎|癌|瘤|综合[征症]|障碍|残疾|骨折|缺失|瘫痪?|阻肺|硬化|衰竭|结石|哮喘|后遗症|栓塞|不全|增生|突出|截肢)"
)
LINK = r"[是有得患了的,，:：（(做在刚过\s]{0,3}(?:查出|确诊|诊断为|患有|得了|的|是|有|犯了?|严重)?(?:[是有得患了的]{0,2})"
HEALTH = re.compile(
    rf"(?:[{SURNAMES}][\u4e00-\u9fff]{{1,2}}?|[{SURNAMES}][\u4e00-\u9fff]{{0,2}}?(?:大爷|大妈|大娘|奶奶|爷爷|阿姨|叔叔|老师|师傅))"
    rf"(?:[他她家]?(?:娘|妈|爸|爹|老伴|媳妇|儿子|闺女|女儿|婆婆|公公|孙子|孙女))?{LINK}(?:{DISEASES})(?:后遗症)?(?:[\s、，,和及跟]{{0,2}}(?:{DISEASES}))*"
)
HEALTH_NAMED = re.compile(
    rf"(?:(?:(?<=叫)|(?<=[，,。：:！!（( \n])|^)(?:[{SURNAMES}][\u4e00-\u9fff]{{1,2}}|[小阿][\u4e00-\u9fff]|[\u4e00-\u9fff]{{2,4}})|"
    rf"(?:(?<=住着)|(?<=老人)|(?<=孩子)|(?<=患者)|(?<=病人)|(?<=[爸妈儿女公婆孙伴]))[{SURNAMES}][\u4e00-\u9fff]{{1,2}}|([\u4e00-\u9fff])\1)"
    rf"(?:是|有|得了?|患了?|确诊)?(?:{DISEASES}|{ILLNESS})"
)
CALLED = re.compile(rf"^(?:[{SURNAMES}][\u4e00-\u9fff]{{1,2}}|[小阿](?![孩区学的孙儿朋伙姑娃时心便肠腿病动红])[\u4e00-\u9fff]|([\u4e00-\u9fff])\1)(?:{DISEASES}|[\u4e00-\u9fff])")
NOT_NAMES = re.compile(r"^(?:高热|费|查出|查体|孙子|孙女|小孙|石家|高血压|白血病|于|任何|时候|常见|高龄|安全|方面|金额|单位|管理|关于|成年|关心|向|左|满|强|有人|文|和|阳光|时|单)")
ORDER = ("id_card", "bank_card", "phone", "landline", "email", "account", "plate", "health", "home")
TRIGGER = re.compile(r"[0-9@０-９①-⑨⓪]|[零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]|[肝病癌痴症炎障瘫梗级血疫瘤肺折缺衰石截栓全生出化默厥阳疗架桥禁颤搏曲]|HIV|透析|中风|哮喘|癫痫|结核|怀孕|流产|残疾|艾滋|帕金森|失眠|抑郁|焦虑")
HAN_FIGURES, SHORTEST_SPOKEN = frozenset(HAN), 11
HOMES = (HOME, HOME_SHORT, HOME_UNIT, HOME_FLOOR, HOME_BLOCK, HOME_DASH, HOME_PAIR, HOME_NUMBER, HOME_MARKS)
WORDS = (
    (EMAIL, "email", 0), (PLATE, "plate", 0), (ACCOUNT, "account", 1), (DOOR_CODE, "account", 1), (TAILS, "account", 1),
    (PLATE_BARE, "plate", 1), (HEALTH, "health", 0), (HEALTH_NAMED, "health", 0),
)  # fmt: skip
SEARCHED = (*HOMES, HOME_LANE, HOME_STREET, *(pattern for pattern, _, _ in WORDS))
WORDS_FROM = len(HOMES) + 2
SIEVE = Sieve(SEARCHED)


def private_spans(text: str) -> tuple[Span, ...]:
    """Every part of the text that shows who someone is or where they live, in order.

    Spans do not overlap. Long texts are searched whole, in linear time.
    """
    if TRIGGER.search(text) is None:
        return ()
    plain = half_width(text)
    found = sorted(_all(plain), key=lambda item: (ORDER.index(item[2]), item[0] - item[1]))
    kept: list[tuple[int, int, str]] = []
    taken = bytearray(len(plain))
    for start, end, kind in found:
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            kept.append((start, end, kind))
    return tuple(Span(s, e, text[s:e], kind) for s, e, kind in sorted(kept))


def _all(plain: str) -> Iterable[tuple[int, int, str]]:
    yield from _numbers(plain)
    worth = list(SIEVE.worth(plain))
    for at in worth:
        if at < len(HOMES):
            yield from _homes(plain, HOMES[at])
        elif at < WORDS_FROM:
            yield from _on_streets(plain, SEARCHED[at])
    for at in worth:
        if at >= WORDS_FROM:
            yield from _words(plain, *WORDS[at - WORDS_FROM])


def _homes(plain: str, pattern: re.Pattern[str]) -> Iterable[tuple[int, int, str]]:
    for match in pattern.finditer(plain):
        if pattern is HOME_PAIR and (not _is_room(match[0]) or _is_parking(plain, match)):
            continue
        if pattern is not HOME_MARKS or _is_room(match[0]):
            yield _with_estate(plain, match.start()), match.end(), "home"


def _with_estate(plain: str, start: int) -> int:
    """Where a home begins when the name of its quarter stands before the building."""
    before = plain[max(0, start - 7) : start]
    match = ESTATE.search(before)
    if match is None:
        return start
    name = match[0]
    while (outside := OUTSIDE.match(name)) is not None:
        name = name[outside.end() :]
    return start - len(name) if len(name.strip()) >= 2 else start


def _on_streets(plain: str, pattern: re.Pattern[str]) -> Iterable[tuple[int, int, str]]:
    """Houses by lane, or by street and number: the latter only where the words say that someone lives there."""
    for match in pattern.finditer(plain):
        start = match.start() + _cut(match[0])
        roomy = pattern is HOME_LANE or match[0][-1] != "号"
        if roomy or AT_HOME.search(plain[max(0, start - 8) : start]):
            yield start, match.end(), "home"


def _cut(name: str) -> int:
    at = 0
    while (outside := OUTSIDE.match(name[at:])) is not None:
        at += outside.end()
    return at


def _numbers(plain: str) -> Iterable[tuple[int, int, str]]:
    if len(plain) <= 400 and sum(map(str.isdigit, plain)) < 6:
        yield from _spoken(plain)
        return
    for pattern, kind in (
        (ID_CARD, "id_card"), (ID_LOOSE, "id_card"), (BANK, "bank_card"), (PHONE, "phone"),
        (PHONE_LOOSE, "phone"), (LANDLINE, "landline"),
    ):  # fmt: skip
        yield from ((m.start(), m.end(), kind) for m in pattern.finditer(plain) if _sound(m, kind))
    yield from ((m.start(), m.end(), "phone") for m in PHONE_LETTERS.finditer(plain))
    yield from ((m.start(), m.end(), "id_card") for m in ID_OLD.finditer(plain))
    yield from ((m.start(1), m.end(1), "landline") for m in LOCAL.finditer(plain))
    yield from ((m.start(1), m.end(1), "account") for m in NUMBERED_ACCOUNT.finditer(plain))
    yield from _spoken(plain)


def _sound(match: re.Match[str], kind: str) -> bool:
    if kind != "id_card":
        return True
    digits = re.sub(r"[ \-.]", "", match[0])
    try:
        date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    return 1880 <= int(digits[6:10]) <= 2100


def _spoken(plain: str) -> Iterable[tuple[int, int, str]]:
    """Phones and ID numbers said in words, which takes eleven figures at least."""
    if sum(map(HAN_FIGURES.__contains__, plain)) + sum(map(str.isdecimal, plain)) < SHORTEST_SPOKEN:
        return
    for match in PHONE_HAN.finditer(plain):
        if any(c in HAN for c in match[0]):
            yield match.start(), match.end(), "phone"
    for match in ID_HAN.finditer(plain):
        if any(c in HAN for c in match[0]):
            yield match.start(), match.end(), "id_card"


def _words(plain: str, pattern: re.Pattern[str], kind: str, group: int) -> Iterable[tuple[int, int, str]]:
    for match in pattern.finditer(plain):
        named = kind != "health" or not NOT_NAMES.match(match[0])
        if named and (pattern is not HEALTH_NAMED or CALLED.match(match[0])):
            yield match.start(group), match.end(group), kind


def _is_parking(plain: str, match: re.Match[str]) -> bool:
    """A letter and a number, or two numbers, that name a parking space."""
    return plain.startswith("车位", match.end()) or ("车位" in plain and match[0][0].isalpha())


def _is_room(text: str) -> bool:
    digits = re.sub(r"\D+$", "", text)
    floor = re.split(r"[-—–./、·\\ ]", digits)[-1][:-2]
    return floor.isdigit() and 1 <= int(floor) <= 45


def id_checksum_ok(number: str) -> bool:
    """True when an 18-character ID number obeys GB 11643."""
    if not re.fullmatch(r"\d{17}[\dXx]", number):
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(c) * w for c, w in zip(number[:17], weights, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def redact(text: str, spans: Iterable[Span] | None = None) -> str:
    """The text with each private part replaced by a mask a person can still read.

    Without ``spans`` they are found here. Spans out of range or overlapping are tolerated.
    """
    chosen = sorted(private_spans(text) if spans is None else spans, key=lambda s: s.start)
    parts, at = [], 0
    for span in chosen:
        if span.start < at or span.end > len(text) or span.start >= span.end:
            continue
        parts += [text[at : span.start], mask(text[span.start : span.end], span.type)]
        at = span.end
    return "".join([*parts, text[at:]])


def mask(part: str, kind: str) -> str:
    """The readable mask of one private part, e.g. ``199****0012`` or ``3号楼**``."""
    plain = half_width(part)
    digits = re.sub(r"\D", "", plain)
    if kind == "phone" and len(digits) >= 11:
        return f"{digits[-11:-8]}****{digits[-4:]}"
    if kind in {"id_card", "bank_card", "landline"} and len(digits) >= 7:
        return f"{digits[:3]}****{digits[-2:]}"
    if kind == "home":
        head = re.match(r"(?:[\u4e00-\u9fff]{2,6}?)?(?:[A-Za-z]?\d{1,3}|[一二三四五六七八九十]{1,3}|[A-Za-z])\s?(?:号楼|栋|幢|座|#楼?|楼)?", plain)
        return f"{head[0] if head and '单元' not in head[0] else ''}**"
    if kind == "health":
        return "某居民（健康情况略）"
    if kind == "plate":
        return f"{plain[:2]}****"
    return "****"
