"""Sealing and opening one text. A sealed value is version | cipher | length of key id | key id | nonce | ciphertext."""

from __future__ import annotations

import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

from fuhui.shared.crypto.keys import AES_GCM, SM4_GCM, SealBroken, index_key, key_for, newest_key_id

VERSION = 1
INDEX_BYTES = 16
_CIPHERS = {1: AES_GCM, 2: SM4_GCM}
_NUMBERS = {name: number for number, name in _CIPHERS.items()}
_NONCE = 12
_TAG = 16


def seal(text: str, *, context: str) -> bytes:
    """The text sealed with the newest key; opens only with the same context ("people_person.phone")."""
    header = current_header()
    nonce = os.urandom(_NONCE)
    associated = header + context.encode()
    key = key_for(newest_key_id(), settings.FIELD_CIPHER)
    if settings.FIELD_CIPHER == SM4_GCM:
        return header + nonce + _sm4_seal(key, nonce, text.encode(), associated)
    return header + nonce + _aes(key).encrypt(nonce, text.encode(), associated)


def unseal(blob: bytes, *, context: str) -> str:
    """The text of a sealed value. Raises SealBroken for changed bytes, another context or an unknown key."""
    blob = bytes(blob)
    cipher, key_id, start = _read_header(blob)
    key = key_for(key_id, cipher)
    nonce, body = blob[start : start + _NONCE], blob[start + _NONCE :]
    associated = blob[:start] + context.encode()
    try:
        if cipher == SM4_GCM:
            return _sm4_open(key, nonce, body, associated).decode()
        return _aes(key).decrypt(nonce, body, associated).decode()
    except (InvalidTag, ValueError) as error:
        raise SealBroken(f"{context}：密文被改动过，或不属于这个字段（密钥 {key_id}）。") from error


def blind_index(text: str, *, context: str) -> bytes:
    """16 bytes by which equal texts of one context are found; the caller normalises the text first.

    Keyed HMAC-SHA256 (HMAC-SM3 with SM4): without the key nobody can try out all phones or ID numbers.
    """
    message = context.encode() + b"\x00" + text.encode()
    key = bytes.fromhex(index_key())
    if settings.FIELD_CIPHER == SM4_GCM:
        keyed = HMAC(key, SM3())
        keyed.update(message)
        return keyed.finalize()[:INDEX_BYTES]
    return hmac.digest(key, message, "sha256")[:INDEX_BYTES]


def current_header() -> bytes:
    """The first bytes of everything sealed from now on; what begins otherwise is due for resealing."""
    key_id = newest_key_id().encode()
    return bytes((VERSION, _NUMBERS[settings.FIELD_CIPHER], len(key_id))) + key_id


def _read_header(blob: bytes) -> tuple[str, str, int]:
    if len(blob) < 3 or blob[0] != VERSION or blob[1] not in _CIPHERS:
        raise SealBroken("这不是福惠封存的密文。")
    end = 3 + blob[2]
    if len(blob) < end + _NONCE + _TAG:
        raise SealBroken("密文不完整。")
    return _CIPHERS[blob[1]], blob[3:end].decode(errors="replace"), end


@lru_cache(maxsize=64)
def _aes(key: bytes) -> AESGCM:
    return AESGCM(key)


@lru_cache(maxsize=64)
def _sm4(key: bytes) -> SM4:
    return SM4(key)


def _sm4_seal(key: bytes, nonce: bytes, text: bytes, associated: bytes) -> bytes:
    work = Cipher(_sm4(key), GCM(nonce)).encryptor()
    work.authenticate_additional_data(associated)
    return work.update(text) + work.finalize() + work.tag


def _sm4_open(key: bytes, nonce: bytes, body: bytes, associated: bytes) -> bytes:
    work = Cipher(_sm4(key), GCM(nonce, body[-_TAG:])).decryptor()
    work.authenticate_additional_data(associated)
    return work.update(body[:-_TAG]) + work.finalize()
