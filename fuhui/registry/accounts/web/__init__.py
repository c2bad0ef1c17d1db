"""Pages of accounts and sign-in. `chosen_community(request)` is the community the viewer works in at the moment."""

from fuhui.registry.accounts.web.chosen import choose_community, chosen_community, chosen_community_id

__all__ = ["choose_community", "chosen_community", "chosen_community_id"]
