"""The form of every step: shapes only. What is allowed and what is missing, the actions say."""

from __future__ import annotations

from django import forms

from fuhui.domains.cases.rules.clocks import PRIORITY_NAMES
from fuhui.domains.cases.web.shapes import PageForm

TEXT = forms.Textarea(attrs={"rows": 4})


def note_form(label: str, help: str = "", *, needed: bool = True) -> type[PageForm]:
    """A form of one text field named `note`."""

    class Noted(PageForm):
        note = forms.CharField(label=label, help_text=help, required=False, widget=TEXT)

    Noted.needed = ("note",) if needed else ()
    return Noted


class WorkerForm(PageForm):
    """派单, 增加协办: to whom."""

    to = forms.ChoiceField(
        label="给谁办", widget=forms.RadioSelect, error_messages={"required": "请选择一位办理人或一个单位。"}
    )
    note = forms.CharField(label="交代一句", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    needed: tuple[str, ...] = ("to",)


class HandOverForm(WorkerForm):
    """转办: to whom and why."""

    note = forms.CharField(label="为什么转办", required=False, widget=TEXT)
    needed = ("to", "note")


class WhistleForm(PageForm):
    """吹哨: several units."""

    to = forms.MultipleChoiceField(label="请哪些单位到现场", widget=forms.CheckboxSelectMultiple, required=False)
    note = forms.CharField(label="什么事、几点、到哪里", required=False, widget=TEXT)
    needed = ("note",)


class WhistleReplyForm(PageForm):
    """报到回复: which unit did what."""

    handler = forms.ChoiceField(
        label="哪家单位", widget=forms.RadioSelect, error_messages={"required": "请选择报到的单位。"}
    )
    note = forms.CharField(label="做了什么", required=False, widget=TEXT)
    needed = ("note",)


class ExtensionForm(PageForm):
    """申请延期."""

    days = forms.IntegerField(
        label="延长几个工作日",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": "请填写天数。", "invalid": "请填写整数天数。"},
    )
    note = forms.CharField(
        label="为什么要延期", help_text="要写清原因；同意后居民会看到新的期限。", required=False, widget=TEXT
    )
    needed = ("days", "note")
    units = {"days": "个工作日"}


class ExtensionDecisionForm(PageForm):
    """审核延期."""

    grant = forms.ChoiceField(
        label="决定",
        widget=forms.RadioSelect,
        choices=[("yes", "同意延期"), ("no", "不同意")],
        error_messages={"required": "请选择同意或不同意。"},
    )
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea(attrs={"rows": 3}))


class ObjectionDecisionForm(PageForm):
    """裁定异议."""

    uphold = forms.ChoiceField(
        label="决定",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一个决定。"},
        choices=[("no", "不同意退回，仍由原办理人办"), ("yes", "同意退回，换人办")],
    )
    to = forms.ChoiceField(label="同意退回时，换谁办", widget=forms.Select, required=False)
    note = forms.CharField(label="理由", required=False, widget=TEXT)
    needed = ("note",)


class SuspendForm(PageForm):
    """挂账."""

    note = forms.CharField(label="为什么现在办不了", help_text="居民会看到这句话。", required=False, widget=TEXT)
    review_on = forms.DateField(
        label="哪天再看",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "请选择复查日。", "invalid": "请按 2026-03-02 的样子填写日期。"},
    )
    needed = ("note", "review_on")


class SolveForm(PageForm):
    """办结待核, with a photo of the result."""

    note = forms.CharField(
        label="怎么解决的", help_text="写给居民看，例如：已更换楼道灯泡，今晚起正常照明。", required=False, widget=TEXT
    )
    photo = forms.FileField(
        label="办理后的照片", required=False, widget=forms.ClearableFileInput(attrs={"accept": "image/*"})
    )
    needed = ("note",)


class CallBackForm(PageForm):
    """回访."""

    reached = forms.ChoiceField(
        label="联系上居民了吗",
        widget=forms.RadioSelect,
        choices=[("yes", "联系上了"), ("no", "没有联系上")],
        initial="yes",
        error_messages={"required": "请选择是否联系上。"},
    )
    solved = forms.ChoiceField(
        label="居民说解决了吗",
        widget=forms.RadioSelect,
        required=False,
        choices=[("yes", "解决了"), ("no", "没有解决")],
    )
    satisfaction = forms.ChoiceField(
        label="居民满意吗",
        widget=forms.RadioSelect,
        required=False,
        choices=[("very", "满意"), ("fairly", "基本满意"), ("not", "不满意")],
    )
    words = forms.CharField(label="居民的话", required=False, widget=forms.Textarea(attrs={"rows": 3}))


class RefuseForm(PageForm):
    """不予受理: reason and channel."""

    note = forms.CharField(label="为什么不能受理", help_text="居民会看到这句话。", required=False, widget=TEXT)
    channel = forms.CharField(
        label="居民可以去哪里办",
        help_text="写明部门、电话或窗口。",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    needed = ("note", "channel")


class CorrectForm(PageForm):
    """更正."""

    title = forms.CharField(label="标题", required=False, max_length=60)
    category = forms.ChoiceField(label="类别", required=False, widget=forms.Select)
    priority = forms.ChoiceField(
        label="优先级",
        required=False,
        widget=forms.RadioSelect,
        choices=[(str(key), name) for key, name in PRIORITY_NAMES.items()],
    )
    grid = forms.ChoiceField(label="网格", required=False, widget=forms.Select)
    building = forms.ChoiceField(
        label="楼栋", help_text="选了楼栋，网格会跟着定。", required=False, widget=forms.Select
    )
    place = forms.CharField(label="地点", required=False, max_length=120)


class PhotoForm(PageForm):
    """添加照片."""

    photo = forms.FileField(
        label="照片或文件",
        error_messages={"required": "请选择一张照片或一份文件。", "empty": "这个文件是空的，请换一个。"},
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,.pdf,.docx,.xlsx"}),
    )
    moment = forms.ChoiceField(
        label="照片是",
        widget=forms.RadioSelect,
        initial="after",
        choices=[("before", "办理前"), ("evidence", "过程"), ("after", "办理后")],
        error_messages={"required": "请选择照片是办理前、办理后还是过程。"},
    )
    note = forms.CharField(label="说明", required=False, max_length=100)
    needed = ("photo",)


class NothingForm(PageForm):
    """A step without words."""
