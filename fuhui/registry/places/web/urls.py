"""Addresses of places; mounted at the root."""

from __future__ import annotations

from django.urls import path

from fuhui.registry.places.web import buildings, communities, grids, posters, public

app_name = "places"
urlpatterns = [
    path("grids/<str:code>/", public.board, name="board"),
    path("poster/<str:kind>/<uuid:place_id>/", posters.poster, name="poster"),
    path("poster/<str:kind>/<uuid:place_id>.svg", posters.code, name="poster-code"),
    path("places/", grids.grids, name="grids"),
    path("places/grids/new/", grids.edit, name="grid-new"),
    path("places/grids/<uuid:grid_id>/", grids.edit, name="grid"),
    path("places/buildings/", buildings.buildings, name="buildings"),
    path("places/buildings/new/", buildings.edit, name="building-new"),
    path("places/buildings/<uuid:building_id>/", buildings.edit, name="building"),
    path("places/buildings/<uuid:building_id>/doors/", buildings.doors, name="doors"),
    path("places/community/", communities.settings, name="community"),
    path("places/communities/", communities.communities, name="communities"),
]
