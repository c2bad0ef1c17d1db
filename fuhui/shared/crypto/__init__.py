"""Secrets in rows: text sealed with AES-256-GCM or SM4-GCM, and keyed blind indexes to find it again.

`seal` and `unseal` bind a text to its context (table and column), so a sealed value cannot be moved elsewhere.
`blind_index` finds equal values without showing them. The cipher is FUHUI_CIPHER; sealed values name their cipher
and key, so both ciphers and every former key stay readable. Blind indexes follow the cipher of the installation
(HMAC-SHA256, or HMAC-SM3 with SM4), so that choice is made before the first data.
"""

from __future__ import annotations

from fuhui.shared.crypto.fields import SealedTextField
from fuhui.shared.crypto.keys import SealBroken
from fuhui.shared.crypto.sealing import blind_index, seal, unseal

__all__ = ["SealBroken", "SealedTextField", "blind_index", "seal", "unseal"]
