"""The wishes' self-check: what was confirmed is in the book, and the book holds nothing else of theirs."""

from __future__ import annotations

from fuhui.registry.ledger.checks import Check

_WRONG = """SELECT w.title || '：已确认实现，台账里没有' AS what, '/wishes/desk/' || w.id || '/' AS link
  FROM wishes_wishclaim c JOIN wishes_wish w ON w.community_id = c.community_id AND w.id = c.wish_id
  WHERE c.community_id = %(community)s AND c.state = 'confirmed' AND coalesce((
    SELECT sum(r.sign) FROM ledger_record r WHERE r.community_id = c.community_id
      AND r.source = 'wishes.claim' AND r.key = c.id::text), 0) <> 1
UNION ALL
SELECT r.title || '：台账里有，心愿没有确认', '/book/' || r.id || '/'
  FROM ledger_record r WHERE r.community_id = %(community)s AND r.source = 'wishes.claim' AND r.sign = 1
  AND NOT EXISTS (SELECT FROM wishes_wishclaim c WHERE c.community_id = r.community_id AND c.id::text = r.key
    AND c.state = 'confirmed')"""
IN_BOOK = Check(
    name="wishes.in_book", title="确认实现的微心愿和台账一致", severity="late",
    advice="请打开这个心愿核对认领和确认；对不上时联系系统管理员，不要手工改动。",
    summary=f"SELECT count(*) FROM ({_WRONG}) AS wrong", details=_WRONG,  # noqa: S608
)
