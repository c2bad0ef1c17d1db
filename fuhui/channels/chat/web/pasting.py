"""The form of the paste box: what was typed, chosen and uploaded, and what is remembered from last time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from fuhui.channels.chat.actions import Pasted
from fuhui.channels.chat.queries import ChatBatch, Community, Grid, desk_communities
from fuhui.channels.chat.rules import LONGEST_GROUP, Door
from fuhui.registry.places.web.entry import viewer_of
from fuhui.shared.errors import BadInput
from fuhui.shared.ui.shapes import Option, option
from fuhui.triage import DEFAULT_LIMIT, UnreadableChat
from fuhui.triage.read.decode import to_text

# An uploaded file cannot be put back into a form; up to this size its text goes into the box instead.
LONGEST_SHOWN = 1_000_000
NO_COMMUNITY = UUID(int=0)


@dataclass(frozen=True)
class Form:
    """The paste box. `place` is "<community>:<grid or nothing>"."""

    text: str = ""
    file_name: str = ""
    data: bytes | None = None
    group: str = ""
    place: str = ""
    day: str = ""
    problem: BadInput | None = None
    sample: bool = False

    @property
    def community_id(self) -> UUID:
        """The chosen community."""
        return self._parts()[0]

    def pasted(self) -> Pasted:
        """What the reader gets. Raises BadInput for what was wrong with the form itself."""
        if self.problem:
            raise self.problem
        return Pasted(self.data if self.data is not None else self.text, file_name=self.file_name,
                      group_name=self.group, grid_id=self._parts()[1], day=_day(self.day),
                      door=Door.FILE if self.data is not None else Door.PASTE)

    def filled(self, last: ChatBatch | None, choices: Sequence[tuple[Community, list[Grid]]]) -> Form:
        """With what the person chose last time; a demonstration's sample text where nothing was pasted yet."""
        if self.place or self.text or self.problem:
            return self.with_text()
        if last:
            return replace(self, place=f"{last.community_id}:{last.grid_id or ''}")
        first, grids = choices[0] if choices else (None, [])
        if first is None:
            return self
        sample = str(first.settings.get("chat_sample", ""))
        grid = grids[0] if len(grids) == 1 else None
        return replace(self, place=f"{first.id}:{grid.id if grid else ''}", text=sample, sample=bool(sample))

    def with_text(self) -> Form:
        """An upload's text in the box, so that answering a question does not need the file again."""
        if self.data is None or self.text:
            return self
        try:
            text = to_text(self.data, DEFAULT_LIMIT)[0]
        except UnreadableChat:
            return self
        return replace(self, text=text) if len(text) <= LONGEST_SHOWN else self

    def _parts(self) -> tuple[UUID, UUID | None]:
        community, _, grid = self.place.partition(":")
        try:
            return UUID(community), UUID(grid) if grid else None
        except ValueError:
            return NO_COMMUNITY, None


def empty_form() -> Form:
    """A fresh box."""
    return Form()


def form_of(request: HttpRequest) -> Form:
    """What was sent. A file that is too large is not read at all."""
    post = request.POST
    upload = request.FILES.get("file")
    form = Form(text=post.get("text", ""), group=post.get("group", "").strip()[:LONGEST_GROUP], day=post.get("day", ""),
                file_name=post.get("file_name", "")[:120], place=post.get("place") or _only_community(request))
    if not isinstance(upload, UploadedFile) or not upload.name:
        return form
    size = upload.size or 0
    if size > DEFAULT_LIMIT:
        most = DEFAULT_LIMIT // 1048576
        words = f"文件有 {size / 1048576:.0f} MB，一次最多 {most} MB。请按日期分成几份，一份一份上传。"
        return replace(form, problem=BadInput("too_large", words, field="file"))
    return replace(form, data=upload.read(), file_name=upload.name[:120], text="")


def _only_community(request: HttpRequest) -> str:
    own = desk_communities(viewer_of(request))
    return f"{own[0]}:" if own else ""


def place_options(choices: Sequence[tuple[Community, list[Grid]]]) -> list[Option]:
    """Grids to choose from; the whole community first, where the group's name then decides."""
    found: list[Option] = []
    several = len(choices) > 1
    for community, grids in choices:
        name = f"{community.name} · " if several else ""
        if len(grids) != 1:
            found.append(option(f"{community.id}:", f"{name}按群名自动判断"))
        found += [option(f"{community.id}:{grid.id}", f"{name}{grid.name}{_of(grid)}") for grid in grids]
    return found


def _of(grid: Grid) -> str:
    return f"（{grid.group_name}）" if grid.group_name else ""


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise BadInput("day", "日期要写成 2026-03-02 这样。", field="day") from error
