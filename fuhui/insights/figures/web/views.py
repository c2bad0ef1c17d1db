"""Figures and the records behind them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from fuhui.domains.cases.queries.rates import Period
from fuhui.domains.cases.rules.states import STATE_NAMES, State
from fuhui.insights.figures.permissions import communities_overseen
from fuhui.insights.figures.queries import (
    Figure,
    by_category,
    days_back,
    figures,
    received_by_day,
    records_behind,
    week_of,
)
from fuhui.registry.places.queries import communities_for
from fuhui.shared.errors import NotAllowed, NotFound
from fuhui.shared.ui.format import day, when
from fuhui.shared.ui.shapes import chip, row, stat

SPANS = {"week": "本周", "last": "上周", "30": "近 30 天", "90": "近 90 天"}


@login_required
def show_figures(request: HttpRequest) -> HttpResponse:
    """The three rates with their trend, what came in by day and by category."""
    viewer = request.viewer  # type: ignore[attr-defined]
    communities = _communities(request)
    span, period = _period(request)
    found = figures(viewer, communities, period)
    chosen = request.GET.get("community", "")
    return render(
        request,
        "figures/figures.html",
        {
            "stats": [_stat(figure, span, chosen) for figure in found],
            "chips": [
                chip(label, f"?{urlencode({'span': key, 'community': chosen})}", on=key == span)
                for key, label in SPANS.items()
            ],
            "period": f"{day(period.begin)} 至 {day(min(period.end, period.now))}，截至 {when(period.now)}",
            "days": received_by_day(viewer, communities, period),
            "day_columns": ["日期", "收到", "结束"],
            "categories": by_category(viewer, communities, period),
            "category_columns": ["类别", "件数"],
            "choices": _choices(request, communities, span),
        },
    )


@login_required
def show_records(request: HttpRequest, key: str, part: str) -> HttpResponse:
    """The cases that one numerator or denominator counts."""
    viewer = request.viewer  # type: ignore[attr-defined]
    communities = _communities(request)
    _, period = _period(request)
    records = records_behind(viewer, communities, period, key, part)
    figure = next(one for one in figures(viewer, communities, period, compare=False) if one.key == key)
    which = "分子" if part == "numerator" else "分母"
    return render(
        request,
        "figures/records.html",
        {
            "title": f"{figure.rate.name}：{which} {len(records)} 件",
            "words": figure.rate.words,
            "rows": [
                row(
                    title=one["title"],
                    href=f"/cases/{one['id']}/",
                    sub=f"{one['number']} · {one['place_text']}",
                    pill=STATE_NAMES[State(one["state"])],
                    meta=when(one["received_at"]),
                )
                for one in records
            ],
            "back": f"{reverse('figures:figures')}?{request.GET.urlencode()}",
        },
    )


def _stat(figure: Figure, span: str, community: str) -> dict[str, Any]:
    trend = figure.trend
    query = urlencode({"span": span, "community": community})
    return {
        "stat": stat(
            label=figure.rate.name,
            value=figure.percent,
            unit="%" if figure.rate.share is not None else "",
            sub=f"{figure.rate.numerator} / {figure.rate.denominator} 件",
            definition=figure.rate.words,
            trend="" if trend is None else f"较上期 {trend:+.1f}",
            trend_tone="late" if (trend or 0) < 0 else "done",
            href=f"{reverse('figures:records', args=[figure.key, 'numerator'])}?{query}",
        ),
        "all_href": f"{reverse('figures:records', args=[figure.key, 'denominator'])}?{query}",
        "all_words": f"{figure.rate.name}的分母：{figure.rate.denominator} 件",
    }


def _period(request: HttpRequest) -> tuple[str, Period]:
    span = request.GET.get("span", "week")
    now = timezone.now()
    if span not in SPANS:
        span = "week"
    if span in {"week", "last"}:
        return span, week_of(now, 1 if span == "last" else 0)
    return span, days_back(now, int(span))


def _communities(request: HttpRequest) -> list[UUID]:
    overseen = communities_overseen(request.viewer)  # type: ignore[attr-defined]
    if not overseen:
        raise NotAllowed("not_overseer", "统计由社区书记、社区工作者和街道干部查看。")
    wanted = request.GET.get("community", "")
    if not wanted:
        return overseen
    chosen = [community for community in overseen if str(community) == wanted]
    if not chosen:
        raise NotFound("community_not_found", "没有找到这个社区，或它不在您的辖区内。")
    return chosen


def _choices(request: HttpRequest, communities: list[UUID], span: str) -> list[Any]:
    viewer = request.viewer  # type: ignore[attr-defined]
    if len(viewer.communities) < 2:
        return []
    chosen = {str(community) for community in communities}
    return [chip("全部", f"?{urlencode({'span': span})}", on=len(communities) > 1)] + [
        chip(one.name, f"?{urlencode({'span': span, 'community': one.id})}", on=chosen == {str(one.id)})
        for one in communities_for(viewer)
    ]
