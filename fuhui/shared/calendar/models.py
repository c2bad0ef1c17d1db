"""Tables of work days: the national one belongs to no community; what a community adds is its own row."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fuhui.shared.tenancy.models import TenantRow


class Day(models.Model):
    """A day that differs from plain weekdays and weekends: a holiday, or a make-up day (调休)."""

    date = models.DateField("日期", primary_key=True)
    is_working = models.BooleanField("上班")
    name = models.CharField("名称", max_length=30, blank=True)
    source = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        db_table = "calendar_day"
        ordering = ("date",)
        verbose_name = "工作日调整"

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class Year(models.Model):
    """Whether the days off of a year are known; until then the year counts by plain weekends."""

    year = models.PositiveSmallIntegerField("年份", primary_key=True)
    published = models.BooleanField("已公布", default=True)
    source = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        db_table = "calendar_year"
        ordering = ("year",)
        verbose_name = "年度放假安排"
        constraints = [
            models.CheckConstraint(name="calendar_year_range", condition=Q(year__gte=2000, year__lte=2199)),
        ]

    def __str__(self) -> str:
        return str(self.year)


class OwnDay(TenantRow):
    """A day on which one community works otherwise than the national table says: closed, or made up for."""

    date = models.DateField("日期")
    is_working = models.BooleanField("上班")
    name = models.CharField("原因", max_length=30)

    class Meta:
        db_table = "calendar_own_day"
        ordering = ("date",)
        verbose_name = "本社区工作日调整"
        constraints = [
            models.UniqueConstraint(fields=["community_id", "date"], name="calendar_own_day_once"),
            models.CheckConstraint(name="calendar_own_day_has_reason", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
