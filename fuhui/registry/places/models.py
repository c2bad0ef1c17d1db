"""Tables of places."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fuhui.registry.places.rules import LEVEL_NAMES, RegionLevel
from fuhui.shared.identifiers import new_id
from fuhui.shared.tenancy.models import TenantKey, TenantRow


class Region(models.Model):
    """One division of the official tree. Public knowledge, so not tenant-owned; codes can be corrected."""

    code = models.CharField("区划代码", max_length=12, primary_key=True)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("级别", max_length=10, choices=[(level, LEVEL_NAMES[level]) for level in RegionLevel])
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        constraints = [
            models.CheckConstraint(name="places_region_code", condition=Q(code__regex=r"^[1-9][0-9]{11}$")),
            models.CheckConstraint(
                name="places_region_has_parent", condition=Q(level="province") | Q(parent__isnull=False)
            ),
        ]
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Community(models.Model):
    """A community that uses this installation: the tenant. Names and codes are public."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region = models.OneToOneField(Region, models.PROTECT, related_name="community")
    name = models.CharField("名称", max_length=60)
    phone = models.CharField("公开电话", max_length=20, blank=True)
    supervision_phone = models.CharField("监督电话", max_length=20, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    settings = models.JSONField("设置", default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # The transaction that last changed a grid, building or home; set by triggers, read by caches.
    places_version = models.BigIntegerField(default=0, editable=False)

    class Meta:
        ordering = ("region_id",)

    def __str__(self) -> str:
        return self.name


class Grid(TenantRow):
    """A grid of a community with its border and what must be posted publicly (滨州网格化条例 art 6)."""

    number = models.PositiveSmallIntegerField("编号")
    name = models.CharField("名称", max_length=30)
    group_name = models.CharField("微信群名", max_length=60, blank=True)
    phone = models.CharField("公示电话", max_length=20, blank=True)
    staff_name = models.CharField("公示网格员", max_length=30, blank=True)
    border = models.JSONField("边界 (GeoJSON Polygon)", null=True, blank=True)
    areas = models.JSONField("小区名", default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "number"], name="places_grid_number"),
            models.UniqueConstraint(fields=["community_id", "name"], name="places_grid_name"),
            models.CheckConstraint(name="places_grid_number_positive", condition=Q(number__gte=1)),
        ]
        ordering = ("number",)

    def __str__(self) -> str:
        return self.name


class Building(TenantRow):
    """A building (楼栋) inside a grid."""

    grid = TenantKey(Grid, related_name="buildings")
    area = models.CharField("小区", max_length=30, blank=True)
    name = models.CharField("楼号", max_length=20)
    unit_count = models.PositiveSmallIntegerField("单元数", default=1)
    floor_count = models.PositiveSmallIntegerField("层数", default=6)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community_id", "area", "name"], name="places_building_name")]
        indexes = [models.Index(fields=["community_id", "grid"], name="places_building_grid")]
        ordering = ("area", "name")

    def __str__(self) -> str:
        return f"{self.area}{self.name}"


class Home(TenantRow):
    """One door: building, unit and room. A household lives here."""

    building = TenantKey(Building, related_name="homes")
    unit = models.CharField("单元", max_length=10, blank=True)
    room = models.CharField("室", max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "building", "unit", "room"], name="places_home_door")
        ]
        ordering = ("unit", "room")

    def __str__(self) -> str:
        return f"{self.building}{self.unit + '单元' if self.unit else ''}{self.room}"
