"""How kept bytes are compressed: zstd (RFC 8878), the standard library's from Python 3.14 on."""

from __future__ import annotations

import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def compress(body: bytes) -> bytes:
    """Return ``body`` compressed."""
    return zstd.compress(body)


def decompress(kept: bytes) -> bytes:
    """Return what :func:`compress` was given."""
    return zstd.decompress(kept)
