"""The book's own self-checks."""

from __future__ import annotations

from fuhui.registry.ledger.checks import Check


def _check(name: str, title: str, advice: str, wrong: str, *, severity: str = "late") -> Check:
    """`wrong` gives the rows that disagree as (what, link); the summary counts the same rows."""
    return Check(name, title, severity, advice, f"SELECT count(*) FROM ({wrong}) AS wrong", wrong)  # noqa: S608


_CALL = "请不要手工改动，并联系系统管理员用 fuhui audit verify 核对审计链。"
_LINK = "'/book/' || r.id || '/'"

COUNTS = _check(
    "book.counts", "每条记录的人次、人数和时长与它的明细一致", _CALL,
    f"""SELECT r.title || '：记录与明细不符', {_LINK}
  FROM ledger_record r LEFT JOIN (
    SELECT record_id,
      coalesce(sum(heads) FILTER (WHERE side = 'got'), 0) AS got,
      coalesce(sum(heads) FILTER (WHERE side = 'gave'), 0) AS gave,
      coalesce(sum(abs(heads) * minutes) FILTER (WHERE side = 'gave'), 0) AS minutes
    FROM ledger_part WHERE community_id = %(community)s GROUP BY record_id
  ) p ON p.record_id = r.id
  WHERE r.community_id = %(community)s
    AND (r.got_heads, r.gave_heads, r.gave_minutes) IS DISTINCT FROM (p.got, p.gave, p.minutes)""",  # noqa: S608
)
DAYS = _check(
    "book.days", "每人每天的服务分钟与明细一致", _CALL,
    """SELECT coalesce(d.day, p.day)::text || '：' || coalesce(d.minutes, 0) || ' 分钟，明细合计 '
      || coalesce(p.minutes, 0) || ' 分钟', ''
  FROM (SELECT * FROM ledger_person_day WHERE community_id = %(community)s) d
  FULL JOIN (
    SELECT coalesce(person_id, account_id) AS who, day, sum(minutes) AS minutes FROM ledger_part
    WHERE community_id = %(community)s AND side = 'gave' AND organisation_id IS NULL GROUP BY 1, 2
  ) p ON p.who = d.who AND p.day = d.day
  WHERE coalesce(d.minutes, 0) <> coalesce(p.minutes, 0)""",
)
MIRRORS = _check(
    "book.mirrors", "冲正记录与原记录逐项抵消", _CALL,
    f"""SELECT r.title || '：冲正没有完全抵消', {_LINK}
  FROM ledger_record r JOIN ledger_record v ON v.community_id = r.community_id AND v.reverses_id = r.id
  WHERE r.community_id = %(community)s AND ((r.got_heads, r.gave_heads, r.gave_minutes, r.day)
    IS DISTINCT FROM (-v.got_heads, -v.gave_heads, -v.gave_minutes, v.day))""",  # noqa: S608
)
AUDITED = _check(
    "book.audited", "每条记录在审计链里有同样的内容", _CALL,
    f"""SELECT r.title || '：审计链里没有这条记录', {_LINK} FROM ledger_record r
  WHERE r.community_id = %(community)s AND r.sign = 1 AND NOT EXISTS (
    SELECT FROM audit_entry e WHERE e.community_id = r.community_id AND e.subject = 'service_record'
      AND e.subject_id = r.id::text AND e.action = 'ledger.write' AND e.data ->> 'digest' = r.digest)""",  # noqa: S608
)
MERGED = _check(
    "book.merged_days", "合并档案后没有人一天服务超过 24 小时",
    "两份档案合并后，同一天的服务加起来太长。请打开这位居民的服务记录，冲正重复的一条。",
    """SELECT max(one.name) || ' ' || d.day::text || '：' || sum(d.minutes) || ' 分钟',
      '/people/' || coalesce(one.merged_into_id, one.id) || '/'
  FROM ledger_person_day d JOIN people_person one ON one.community_id = d.community_id AND one.id = d.who
  WHERE d.community_id = %(community)s
  GROUP BY coalesce(one.merged_into_id, one.id), d.day HAVING sum(d.minutes) > 1440""",
    severity="soon",
)
CHECKS = (COUNTS, DAYS, MIRRORS, AUDITED, MERGED)
