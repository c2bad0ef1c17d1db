"""The time bank's self-checks."""

from __future__ import annotations

from fuhui.registry.ledger.checks import Check

_CALL = "请不要手工改动，并联系系统管理员。"


def _check(name: str, title: str, advice: str, wrong: str, severity: str = "late") -> Check:
    return Check(name, title, severity, advice, f"SELECT count(*) FROM ({wrong}) AS wrong", wrong)  # noqa: S608


BANK_CHECKS = (
    _check("timebank.zero", "时间银行每一笔收支相抵", _CALL, """
SELECT e.words || '：收支不相抵', '' FROM volunteers_bank_entry e
  LEFT JOIN volunteers_bank_posting p ON p.community_id = e.community_id AND p.entry_id = e.id
  WHERE e.community_id = %(community)s GROUP BY e.id, e.words
  HAVING count(p.id) < 2 OR coalesce(sum(p.minutes), 0) <> 0"""),
    _check("timebank.balances", "时间账户的余额等于明细合计", _CALL, """
SELECT '余额 ' || a.balance || ' 分钟，明细合计 ' || coalesce(sum(p.minutes), 0) || ' 分钟',
    '/volunteers/bank/' || a.id || '/'
  FROM volunteers_bank_account a
  LEFT JOIN volunteers_bank_posting p ON p.community_id = a.community_id AND p.account_id = a.id
  WHERE a.community_id = %(community)s GROUP BY a.id, a.balance
  HAVING a.balance <> coalesce(sum(p.minutes), 0)"""),
    _check("timebank.floor", "没有时间账户低于可透支的底线", _CALL, """
SELECT '余额 ' || balance || ' 分钟，底线 ' || floor || ' 分钟', '/volunteers/bank/' || id || '/'
  FROM volunteers_bank_account
  WHERE community_id = %(community)s AND holder <> 'issue' AND balance < floor"""),
    _check("timebank.reversed", "冲正了的服务，存入的时间也已冲正",
           "请书记打开这个账户，把这一笔冲正；余额不够时先和志愿者说明。", """
SELECT e.words || '：服务已冲正，时间还在账户里', '/book/' || e.record_id || '/' FROM volunteers_bank_entry e
  JOIN ledger_record v ON v.community_id = e.community_id AND v.reverses_id = e.record_id
  WHERE e.community_id = %(community)s AND e.kind IN ('earn', 'spend') AND NOT EXISTS (
    SELECT 1 FROM volunteers_bank_entry b WHERE b.community_id = e.community_id AND b.reverses_id = e.id)""", "soon"),
    _check("timebank.merged", "合并了档案的居民，时间都在合并后的账户里", _CALL, """
SELECT '还有 ' || a.balance || ' 分钟在旧账户里', '/volunteers/bank/' || a.id || '/' FROM volunteers_bank_account a
  JOIN people_person p ON p.community_id = a.community_id AND p.id = a.person_id
  WHERE a.community_id = %(community)s AND p.merged_into_id IS NOT NULL AND a.balance <> 0""", "soon"),
)
