"""Two records side by side, and merging them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from fuhui.registry.people import actions, queries
from fuhui.registry.people.permissions import may_merge
from fuhui.registry.people.web.shown import about, facts, place_text
from fuhui.registry.places.web.entry import errors_of, key, signed_in, text, viewer_of, whole
from fuhui.shared.errors import BadInput, PeopleError, RuleBroken
from fuhui.shared.ui.shapes import options


@signed_in
def merge(request: HttpRequest) -> HttpResponse:
    """Chooses the second record, compares both, merges."""
    viewer, values = viewer_of(request), request.POST if request.method == "POST" else request.GET
    keep = key(values, "keep", "居民")
    if keep is None:
        raise BadInput("keep", "请先打开一位居民，再点“合并档案”。")
    kept = queries.person_for(viewer, keep)
    may_merge(viewer, kept.community_id).require()
    other = key(values, "merge", "居民")
    if other is None or other == kept.pk:
        return _choose(request, kept)
    merged = queries.person_for(viewer, other)
    if merged.pk == kept.pk:
        return redirect("people:person", kept.pk)
    return _merge(request, kept, merged) if request.method == "POST" else _compare(request, kept, merged)


def _merge(request: HttpRequest, kept: queries.Person, merged: queries.Person) -> HttpResponse:
    post = request.POST
    first, second = kept, merged
    if post.get("swap"):
        return _compare(request, second, first)
    try:
        actions.merge_people(
            by=viewer_of(request),
            keep=kept.pk,
            merge=merged.pk,
            reason=text(post, "reason"),
            versions=(whole(post, "kept_version", "版本"), whole(post, "merged_version", "版本")),
        )
    except (BadInput, RuleBroken) as error:
        return _compare(request, kept, merged, error)
    messages.success(request, "已合并。两份档案的卡片、诉求和同意记录都在这里，合并留有记录。")
    return redirect("people:person", kept.pk)


def _choose(request: HttpRequest, kept: queries.Person) -> HttpResponse:
    viewer, words = viewer_of(request), text(request.GET, "q", 60)
    found = {
        one.pk: (one, "")
        for one in queries.people_for(viewer, community_id=kept.community_id, words=words or kept.name, limit=20).people
    }
    alike = queries.possible_duplicates(
        viewer,
        community_id=kept.community_id,
        name=kept.name,
        birth=kept.birth_date,
        home_id=kept.household.home_id if kept.household else None,
        except_id=kept.pk,
    )
    found |= {one.person.pk: (one.person, f"{one.evidence}（{one.score}%）") for one in alike if one.visible}
    found |= {one.pk: (one, "同姓，出生日期相同") for one in queries.born_same_day(viewer, kept) if one.pk not in found}
    found.pop(kept.pk, None)
    return render(
        request,
        "people/merge_choose.html",
        {
            "kept": kept,
            "q": words,
            "found": [
                {
                    "id": pk,
                    "name": one.name,
                    "about": f"{about(one)} · {place_text(one.household)}",
                    "evidence": evidence,
                }
                for pk, (one, evidence) in found.items()
            ],
        },
    )


def _compare(
    request: HttpRequest, kept: queries.Person, merged: queries.Person, error: PeopleError | None = None
) -> HttpResponse:
    left, right = dict(facts(kept)), dict(facts(merged))
    rows = [
        {
            "name": name,
            "left": left.get(name, ""),
            "right": right.get(name, ""),
            "differs": left.get(name, "") != right.get(name, ""),
        }
        for name in dict.fromkeys([*left, *right])
    ]
    return render(
        request,
        "people/merge.html",
        {
            "kept": kept,
            "merged": merged,
            "rows": rows,
            "errors": errors_of(error) if error else {},
            "cards": [len(queries.cards_of(kept)), len(queries.cards_of(merged))],
            "reason": request.POST.get("reason", ""),
            "reasons": options((one, one) for one in ("同一证件号", "同一手机号，本人确认", "入户核实是同一人")),
        },
        status=error.status if error else 200,
    )
