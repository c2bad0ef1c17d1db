"""The community a viewer works in at the moment; see `fuhui.registry.places.web.chosen`, which places need too."""

from fuhui.registry.places.web.chosen import choose_community, chosen_community, chosen_community_id

__all__ = ["choose_community", "chosen_community", "chosen_community_id"]
