"""The workbook that people fill in when they have no list yet."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

_COLUMNS = (
    ("姓名", "王示例", "必填"),
    ("身份证号", "990000194001010022", "文本格式；没有可以留空"),
    ("性别", "女", "男或女；有身份证号可不填"),
    ("出生日期", "1940-01-01", "有身份证号可不填"),
    ("联系电话", "19900000001", "手机或带区号的座机；两个号码用顿号隔开"),
    ("小区", "福惠花园", "只有一个小区可不填"),
    ("楼号", "3", "数字即可"),
    ("单元", "2", "没有单元留空"),
    ("室号", "501", ""),
    ("与户主关系", "户主", "户主、配偶、子、女……"),
    ("人口类别", "户籍", "户籍、常住、流动"),
    ("民族", "汉族", ""),
    ("政治面貌", "群众", ""),
    ("低保", "否", "是或否"),
    ("残疾情况", "", "例如：肢体三级；没有留空"),
    ("备注", "独居", "写到的人员类别会自动识别"),
)
_WIDE = {"身份证号": 24, "联系电话": 16, "备注": 24, "出生日期": 14}


def template_bytes() -> bytes:
    """The workbook with headings, an invented example row, hints as comments and a page of explanations."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "居民名册"
    for place, (heading, example, hint) in enumerate(_COLUMNS, start=1):
        top = sheet.cell(1, place, heading)
        top.font, top.alignment = Font(bold=True), Alignment(horizontal="center")
        top.fill = PatternFill("solid", fgColor="DCEFEA")
        if hint:
            top.comment = Comment(hint, "福惠")
        sheet.cell(2, place, example).font = Font(color="808080", italic=True)
        letter = sheet.cell(1, place).column_letter
        sheet.column_dimensions[letter].width = _WIDE.get(heading, 12)
        for number in range(2, 1002):
            sheet.cell(number, place).number_format = "@"
    sheet.freeze_panes = "A2"
    notes = book.create_sheet("填写说明")
    for line in (
        "第二行是例子，请删去。",
        "每人一行；列的顺序和名称可以改，导入时系统会自动对应。",
        "身份证号、电话请用文本格式，否则最后几位会丢。",
        "同一个人只写一行。再次导入同一份名册不会重复登记。",
        "已有别的表格不用抄到这里，直接上传那份表格即可。",
    ):
        notes.append([line])
    notes.column_dimensions["A"].width = 60
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()
