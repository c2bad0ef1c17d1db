"""The activities' self-check: every closed one is in the book with as many attendances as were checked in."""

from __future__ import annotations

from fuhui.registry.ledger.checks import Check

_WRONG = """SELECT a.title || '：签到 ' || a.came || ' 人次，台账 ' || a.booked || ' 人次' AS what,
    '/activities/desk/' || a.id || '/' AS link
  FROM (
    SELECT x.id, x.title,
      (SELECT coalesce(sum(c.heads), 0) FROM activities_checkin c
        WHERE c.community_id = x.community_id AND c.activity_id = x.id AND c.outcome = 'ok') AS came,
      (SELECT coalesce(sum(r.got_heads), 0) FROM ledger_record r WHERE r.community_id = x.community_id
        AND r.source = 'activities.activity' AND r.key = x.id::text) AS booked,
      (SELECT coalesce(sum(r.sign), 0) FROM ledger_record r WHERE r.community_id = x.community_id
        AND r.source = 'activities.activity' AND r.key = x.id::text) AS standing
    FROM activities_activity x WHERE x.community_id = %(community)s AND x.state = 'closed'
  ) a WHERE a.came <> a.booked OR a.standing <> 1
UNION ALL
SELECT r.title || '：台账里有，活动没有结束', '/book/' || r.id || '/'
  FROM ledger_record r WHERE r.community_id = %(community)s AND r.source = 'activities.activity' AND r.sign = 1
  AND NOT EXISTS (SELECT FROM activities_activity a WHERE a.community_id = r.community_id AND a.id::text = r.key
    AND a.state = 'closed')"""
IN_BOOK = Check(
    name="activities.in_book", title="结束的活动和台账的人次一致", severity="late",
    advice="请打开这场活动核对签到；对不上时联系系统管理员，不要手工改动。",
    summary=f"SELECT count(*) FROM ({_WRONG}) AS wrong", details=_WRONG,  # noqa: S608
)
