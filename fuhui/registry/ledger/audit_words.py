"""What the book's actions are called in the audit trail."""

from __future__ import annotations

from fuhui.shared.audit.words import register_words

register_words(
    {
        "ledger.write": "记入服务台账", "ledger.reverse": "冲正服务记录", "ledger.save_kind": "修改服务目录",
        "ledger.extend_matrix": "给五帮五送加行加列",
        "ledger.add_evidence": "补充服务照片", "ledger.export": "导出服务台账", "ledger.check": "核对服务台账",
    },
    {"service_record": "服务记录", "service_catalogue": "服务目录", "service_book": "服务台账"},
)
