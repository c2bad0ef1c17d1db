"""The volunteers' self-check: hours that count and hours in the book are the same minutes."""

from __future__ import annotations

from fuhui.registry.ledger.checks import Check

_WRONG = """SELECT c.title || '：认定 ' || x.approved || ' 分钟，台账 ' || x.booked || ' 分钟' AS what,
    '/volunteers/shifts/' || x.shift_id || '/attendance/' AS link
  FROM (
    SELECT a.community_id, a.shift_id, sum(a.approved) AS approved,
      (SELECT coalesce(sum(r.gave_minutes), 0) FROM ledger_record r WHERE r.community_id = a.community_id
        AND r.source = 'volunteers.shift' AND split_part(r.key, ':', 1) = a.shift_id::text AND r.sign = 1) AS booked
    FROM volunteers_attendance a WHERE a.community_id = %(community)s AND a.booked_at IS NOT NULL
    GROUP BY a.community_id, a.shift_id
  ) x JOIN volunteers_shift s ON s.community_id = x.community_id AND s.id = x.shift_id
  JOIN volunteers_call c ON c.community_id = s.community_id AND c.id = s.call_id
  WHERE x.approved <> x.booked"""
IN_BOOK = Check(
    name="volunteers.in_book", title="认定的志愿时长和台账一致", severity="late",
    advice="请打开这个班次核对；对不上时联系系统管理员，不要手工改动。",
    summary=f"SELECT count(*) FROM ({_WRONG}) AS wrong", details=_WRONG,  # noqa: S608
)
