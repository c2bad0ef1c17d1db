"""What the hash of an entry covers. Part of the stored chains: changing a character breaks every chain."""

from __future__ import annotations

# The installation's own chain (entries without a community) is kept under this id.
INSTALLATION = "00000000-0000-0000-0000-000000000000"

# A JSON array leaves no doubt where one value ends; time counts as microseconds, so no time zone matters.
CANONICAL = (
    "jsonb_build_array('fuhui-audit-1', e.community_id, e.seq, (extract(epoch FROM e.at) * 1000000)::bigint, e.id,"
    " e.actor, e.actor_name, e.action, e.subject, e.subject_id, e.data, encode(e.prev, 'hex'))::text"
)
