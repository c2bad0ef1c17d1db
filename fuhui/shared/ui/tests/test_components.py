from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.template import engines
from django.test import Client, RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from fuhui.shared.ui import navigation
from fuhui.shared.ui.context import Shell
from fuhui.shared.ui.navigation import NavItem
from fuhui.shared.ui.shapes import cell, chip, option, row, stat, step, timeline_item
from fuhui.shared.viewers import Role, Viewer

COTTON = Path(__file__).parents[1] / "templates" / "cotton"
NASTY = "\"><script>alert('1')</script>&\""


def drawn(markup: str, **context: Any) -> str:
    """The markup as a page would show it."""
    template = engines["django"].from_string(CottonCompiler().process(markup))
    return template.render(context, RequestFactory().get("/ui/"))


def test_the_gallery_shows_every_component_and_no_tag_is_left_over(browser: Client) -> None:
    answer = browser.get("/ui/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not re.search(r"<c-|\{%|\{\{|</c-", page)
    for mark in (
        "top-bar",
        "card",
        "row",
        "pill",
        "stat",
        "timeline",
        "steps",
        "field",
        "chips",
        "button",
        "sheet",
        "table",
        "empty",
        "toast",
        "progress",
        "chart",
        "map",
        "errors",
        "filters",
    ):
        assert re.search(rf'class="[^"]*\b{mark}\b', page), mark


@pytest.mark.parametrize("name", ["resident", "worker", "case"])
def test_whole_pages_of_components_render(browser: Client, name: str) -> None:
    answer = browser.get(f"/ui/sample/{name}/")
    assert answer.status_code == 200
    assert "<c-" not in answer.content.decode()


def test_the_gallery_is_not_shown_on_a_real_site(browser: Client, settings: Any) -> None:
    settings.DEMO = False
    assert browser.get("/ui/").status_code == 404


@pytest.mark.parametrize("file", sorted(COTTON.glob("*.html")), ids=lambda file: file.stem)
def test_every_component_begins_with_its_contract(file: Path) -> None:
    assert re.match(r"\{# [a-z-]+.*#\}\n", file.read_text())
    assert len(file.read_text().splitlines()) < 100


@pytest.mark.parametrize("file", sorted(COTTON.glob("*.html")), ids=lambda file: file.stem)
def test_every_component_renders_with_nothing_given(file: Path) -> None:
    name = file.stem.replace("_", "-")
    assert "<c-" not in drawn(f"<c-{name}></c-{name}>")


def test_pages_hold_no_inline_script_or_handler(browser: Client) -> None:
    page = browser.get("/ui/").content.decode()
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))", page)
    assert not re.search(r"\son[a-z]+=", page)


NASTY_PAGE = """
<c-page :title="nasty" :intro="nasty" :back="nasty"></c-page>
<c-list-rows :rows="rows" label="x" /><c-steps :steps="steps" /><c-timeline :items="items" /><c-stat :attrs="stat" />
<c-table :columns="columns" :rows="cells" /><c-filters :q="nasty" :chips="chips" /><c-map-frame :geojson="geo" />
<c-field label="x" name="n" :value="nasty" :help="nasty" :error="nasty" :placeholder="nasty" />
<c-field name="t" type="textarea" :value="nasty" /><c-field name="s" type="select" :options="options" />
<c-choice-chips name="c" :label="nasty" :options="options" /><c-error-summary :errors="errors" />
<c-button :value="nasty" name="b" :title="nasty">{{ nasty }}</c-button><c-empty :title="nasty">{{ nasty }}</c-empty>
<c-card :title="nasty" :data-x="nasty">{{ nasty }}</c-card><c-progress :label="nasty" :text="nasty" />
<c-button :href="nasty" disabled :reason="nasty">x</c-button><c-sheet :label="nasty" :title="nasty"></c-sheet>
"""


class Tags(HTMLParser):
    """Every tag with the names of its attributes, as a browser takes them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.scripts: list[dict[str, str | None]] = []
        self.names: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names |= {name for name, _ in attrs}
        if tag == "script":
            self.scripts.append(dict(attrs))


def test_what_people_typed_is_escaped_everywhere() -> None:
    shown = drawn(
        NASTY_PAGE,
        nasty=NASTY,
        rows=[
            row(NASTY, sub=NASTY, note=NASTY, pill=NASTY, meta=NASTY, lead=NASTY, href=NASTY, id=NASTY),
            row(NASTY, checkbox=NASTY),
        ],
        steps=[step(NASTY, "now", NASTY, NASTY)],
        items=[timeline_item(NASTY, NASTY, by=NASTY, body=NASTY, href=NASTY)],
        stat=stat(NASTY, NASTY, unit=NASTY, href=NASTY, sub=NASTY, trend=NASTY, definition=NASTY),
        columns=[NASTY, NASTY],
        cells=[[NASTY, cell(NASTY, href=NASTY)]],
        options=[option(NASTY, NASTY, NASTY)],
        chips=[chip(NASTY, NASTY, count=NASTY)],
        errors={"n": NASTY},
        geo={"features": [{"properties": {"name": NASTY}}]},
    )
    tags = Tags(shown)
    assert all("src" in script or script.get("type") == "application/json" for script in tags.scripts)
    assert {name for name in tags.names if not re.fullmatch(r"[a-z][a-z0-9-]*", name)} <= {"viewBox"}
    assert shown.count("alert") > 40


def test_a_component_inside_another_does_not_inherit_its_attributes() -> None:
    nested = '<c-card title="外" tone="late"><c-card><c-empty title="内">话</c-empty></c-card></c-card>'
    shown = drawn(nested, title="页", href="/x")
    assert shown.count("外") == 1
    assert shown.count('data-tone="late"') == 1
    assert "/x" not in shown


def test_dynamic_attributes_slots_and_nesting_work() -> None:
    shown = drawn(
        '<c-card :title="title"><c-slot name="actions"><c-pill tone="{{ tone }}">急</c-pill></c-slot>'
        '<c-button :disabled="no" reason="{{ why }}" data-key="a">办结</c-button></c-card>',
        title="标题",
        tone="late",
        no=True,
        why="先回访",
    )
    assert '<span class="pill" data-tone="late">急</span>' in shown
    assert " disabled" in shown
    assert "先回访" in shown
    assert 'data-key="a"' in shown


def test_a_field_keeps_what_was_entered_and_points_to_its_error() -> None:
    field = '<c-field label="手机号" name="phone" type="tel" :value="v" error="少一位" help="h" required />'
    shown = drawn(field, v="199000")
    assert 'value="199000"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'aria-describedby="e-phone h-phone"' in shown
    assert 'for="f-phone"' in shown
    chosen = drawn('<c-field name="g" type="select" :options="o" :value="v" />', o=[(1, "一"), (2, "二")], v=2)
    assert '<option value="2" selected>' in chosen
    assert 'value="' not in drawn('<c-field name="p" type="password" value="geheim" />')


def test_every_icon_that_a_page_asks_for_is_drawn() -> None:
    drawn_icons = set(re.findall(r'<symbol id="([a-z]+)"', (COTTON.parents[1] / "static/ui/icons.svg").read_text()))
    pages = [file.read_text() for file in COTTON.parents[4].rglob("templates/**/*.html")]
    asked = {name for page in pages for name in re.findall(r'(?:[ "]icon="|% icon ")([a-z-]+)"', page)}
    assert asked
    assert asked <= drawn_icons


def test_zero_is_kept_as_a_value() -> None:
    assert 'value="0"' in drawn('<c-field name="n" type="number" :value="v" />', v=0)
    assert ">0<" in drawn('<c-stat label="x" :value="v" />', v=0)


def test_large_type_and_theme_come_from_cookies_without_a_script(browser: Client) -> None:
    answer = browser.post("/ui/type", {"type": "large", "next": "/ui/sample/resident/"})
    assert (answer.status_code, answer["Location"]) == (302, "/ui/sample/resident/")
    assert 'data-type="large"' in browser.get("/ui/").content.decode()
    browser.post("/ui/theme", {"theme": "dark"})
    assert 'data-theme="dark"' in browser.get("/ui/").content.decode()
    browser.post("/ui/type", {"type": "standard"})
    assert 'data-type="large"' not in browser.get("/ui/").content.decode()
    assert browser.post("/ui/theme", {"theme": "rosa"}).status_code == 422


def test_the_switch_never_leads_to_a_foreign_site(browser: Client) -> None:
    for foreign in ("https://example.com/", "//example.com", "javascript:alert(1)"):
        assert browser.post("/ui/type", {"type": "large", "next": foreign})["Location"] == "/"


def test_bars_show_a_role_its_pages_and_a_phone_at_most_five(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", {})
    for order in range(7):
        item = NavItem(f"页{order}", "ok", "home", frozenset({Role.GRID_WORKER}), order)
        navigation._items[item.url_name, item.label] = item
    navigation._items["no:such-page", "失"] = NavItem("失", "no:such-page", "home")
    navigation.bars_for.cache_clear()
    bars = navigation.bars_for(frozenset({Role.GRID_WORKER}))
    assert [link.label for link in bars.top] == [f"页{order}" for order in range(7)]
    assert (len(bars.bottom), len(bars.more)) == (4, 3)
    assert bars.rest == ()
    assert navigation.bars_for(frozenset()).top == ()
    assert [warning.id for warning in navigation.check_addresses()] == ["ui.W001"]


def test_what_does_not_fit_one_line_at_the_desk_is_in_the_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", {})
    for order in range(13):
        item = NavItem(f"页{order}", "ok", "home", frozenset({Role.SECRETARY}), order)
        navigation._items[item.url_name, item.label] = item
    navigation.bars_for.cache_clear()
    bars = navigation.bars_for(frozenset({Role.SECRETARY}))
    assert (len(bars.top), [link.label for link in bars.rest]) == (7, [f"页{order}" for order in range(7, 13)])
    assert len(bars.every) == 13


def test_unread_messages_are_counted_only_where_a_page_shows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Viewer] = []

    def count(viewer: Viewer) -> int:
        asked.append(viewer)
        return 3

    monkeypatch.setattr(navigation, "_unread", [(count, "")])
    request = RequestFactory().get("/")
    request.viewer = Viewer(account_id=UUID(int=1))  # type: ignore[attr-defined]
    shell = Shell(request)
    assert asked == []
    assert (shell.unread, shell.unread) == (3, 3)
    assert len(asked) == 1
