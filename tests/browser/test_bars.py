"""The top bar stays one line on every desk screen, whoever signs in, in large type too."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.stories import Story, sign_in

# Lines that the links of the bar take: their distinct upper edges.
_LINES = "new Set([...document.querySelectorAll('.top-nav a')].map(a => a.getBoundingClientRect().top)).size"


@pytest.mark.parametrize("name", ["chen", "zhao", "liu", "wang"])
def test_the_bar_is_one_line_for_everyone(open_page: OpenPage, story: Story, name: str) -> None:
    page = open_page("/accounts/login/", width=1280)
    sign_in(page, name)
    for look in ("standard", "large"):
        page.context.add_cookies([{"name": "fuhui_type", "value": look, "url": page.url}])
        for width in (1100, 1279, 1280, 1600):
            page.set_viewport_size({"width": width, "height": 844})
            page.goto("/")
            assert page.evaluate(_LINES) == 1, (look, width)
