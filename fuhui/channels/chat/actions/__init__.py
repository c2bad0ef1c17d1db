"""What can be done at the chat door."""

from fuhui.channels.chat.actions.clearing import drop_batch, forget_expired
from fuhui.channels.chat.actions.making import Made, make_cases
from fuhui.channels.chat.actions.reading import Pasted, read_batch, read_deferred
from fuhui.channels.chat.actions.regrouping import (
    drop_draft,
    edit_draft,
    join_existing,
    merge_drafts,
    regroup_messages,
    restore_draft,
)

__all__ = [
    "Made", "Pasted", "drop_batch", "drop_draft", "edit_draft", "forget_expired", "join_existing", "make_cases",
    "merge_drafts", "read_batch", "read_deferred", "regroup_messages", "restore_draft",
]
