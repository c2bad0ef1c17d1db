"""Addresses of the micro-wishes; mounted at `wishes/`."""

from __future__ import annotations

from django.urls import path

from fuhui.domains.wishes.web import desk, mine, wall

app_name = "wishes"
urlpatterns = [
    path("desk/", desk.desk_page, name="desk"),
    path("desk/new/", desk.enter_page, name="enter"),
    path("desk/<uuid:wish_id>/", desk.record_page, name="record"),
    path("desk/<uuid:wish_id>/contact/", desk.contact_page, name="contact"),
    path("desk/claim/<uuid:claim_id>/", desk.claim_page, name="claim"),
    path("mine/", mine.mine_page, name="mine"),
    path("mine/claim/<uuid:claim_id>/<slug:deed>/", mine.my_claim, name="my-claim"),
    path("mine/wish/<uuid:wish_id>/<slug:deed>/", mine.my_wish, name="my-wish"),
    path("<str:code>/", wall.wall_page, name="wall"),
    path("<str:code>/print/", wall.print_page, name="print"),
    path("<str:code>/new/", wall.new_page, name="new"),
    path("<str:code>/<uuid:wish_id>/", wall.wish_page, name="wish"),
]
