"""Table of heartbeats. Belongs to the installation, not to a community."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """The last run of one periodic job. `last_finished` counts runs that ended well."""

    name = models.TextField("任务", primary_key=True)
    known_since = models.DateTimeField("登记时间")
    last_started = models.DateTimeField("最近开始", null=True)
    last_finished = models.DateTimeField("最近完成", null=True)
    last_error = models.TextField("最近错误", blank=True)
    expected_every_seconds = models.PositiveIntegerField("最长间隔（秒）")

    class Meta:
        db_table = "jobs_heartbeat"
        verbose_name = "任务心跳"

    def __str__(self) -> str:
        return self.name
