"""Forms as the field component takes them: a Django form gives the shape, the page gets plain dictionaries."""

from __future__ import annotations

from typing import Any, TypedDict

from django import forms

from fuhui.domains.cases.web.base import Errors
from fuhui.shared.ui.shapes import Option, option

GONE = "这一项已经不能选了（可能刚被别人改动），请重新选择。"
FOLDED_FROM = 24  # more chips than this are folded away until they are wanted


class PageField(TypedDict):
    """One field of a form on a page."""

    kind: str
    type: str
    name: str
    label: str
    value: Any
    help: str
    error: str
    required: bool
    optional: bool
    options: list[Option]
    multiple: bool
    is_long: bool
    rows: str
    unit: str
    inputmode: str
    autosave: str
    accept: str


_TYPES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "chips"),
    (forms.RadioSelect, "chips"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.CheckboxInput, "checkbox"),
    (forms.ClearableFileInput, "file"),
    (forms.NumberInput, "number"),
    (forms.DateInput, "date"),
    (forms.TimeInput, "time"),
)


class PageForm(forms.Form):
    """A form that only knows shapes. Rules are the actions' business; what they refuse is put beside the field."""

    use_required_attribute = False
    needed: tuple[str, ...] = ()
    units: dict[str, str] = {}

    def __init__(self, *args: Any, choices: dict[str, list[Option]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page_options = choices or {}
        for name, options in self.page_options.items():
            field = self.fields.get(name)
            if isinstance(field, forms.ChoiceField):
                field.choices = [(one["value"], one["label"]) for one in options]
        for one in self.fields.values():
            if isinstance(one, forms.ChoiceField):
                one.error_messages["invalid_choice"] = GONE

    def page_errors(self) -> Errors:
        """The first complaint of each field whose shape is wrong."""
        return {name: str(said[0]) for name, said in self.errors.items()}

    def page_fields(self, errors: Errors | None = None, *, autosave: str = "") -> list[PageField]:
        """Every field for the page's component, with what was entered and what was said about it."""
        said = errors or {}
        return [self._page_field(name, said.get(name, ""), autosave) for name in self.fields]

    def _page_field(self, name: str, error: str, autosave: str) -> PageField:
        bound, widget = self[name], self.fields[name].widget
        kind = next((word for type_, word in _TYPES if isinstance(widget, type_)), "text")
        needed = name in self.needed
        return {
            "kind": kind if kind in {"chips", "hidden"} else "field",
            "type": kind,
            "name": name,
            "label": str(bound.label),
            "value": _shown(bound.value(), kind),
            "help": str(bound.help_text),
            "error": error,
            "required": needed,
            "optional": not needed and kind not in {"checkbox", "hidden", "chips"},
            "options": self._options(name),
            "is_long": kind == "chips" and len(self._options(name)) > FOLDED_FROM,
            "multiple": isinstance(widget, forms.CheckboxSelectMultiple),
            "rows": str(widget.attrs.get("rows", "4")),
            "unit": self.units.get(name, ""),
            "inputmode": str(widget.attrs.get("inputmode", "text")),
            "accept": str(widget.attrs.get("accept", "")),
            "autosave": f"{autosave}-{name}" if autosave and kind == "textarea" else "",
        }

    def _options(self, name: str) -> list[Option]:
        if name in self.page_options:
            return self.page_options[name]
        field = self.fields[name]
        pairs: Any = field.choices if isinstance(field, forms.ChoiceField) else ()
        return [option(value, str(label)) for value, label in pairs]


def _shown(value: Any, kind: str) -> Any:
    if value is None or kind == "file":
        return ""
    if kind in {"date", "time"} and hasattr(value, "isoformat"):
        return value.isoformat()[: 10 if kind == "date" else 5]
    return [str(one) for one in value] if isinstance(value, list | tuple) else value
