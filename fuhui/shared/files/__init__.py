"""Photos that people upload: checked, turned upright, freed of every metadata, scaled, and shown to those allowed.

Words: stored file 文件, purpose (which room it belongs to), reader (the room's own answer to "may this person see it").
A room registers its reader in `AppConfig.ready()`; a file whose room has none is shown to nobody.
"""

from __future__ import annotations

from fuhui.shared.files.readers import StoredFile, register_reader

__all__ = ["StoredFile", "register_reader"]
