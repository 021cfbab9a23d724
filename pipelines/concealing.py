"""Keeping secrets out of what is logged and written down: passwords, tokens, and the user part of addresses. Pure."""

from __future__ import annotations

import re

#: Who is named before the host of an address, with the password; also where the scheme was cut off.
_USERINFO = re.compile(r"(?<=://)[^/@\s\"'<>]+(?=@)|(?<![^\s\"'<>(])[^/@:\s\"'<>]+:[^/@\s\"'<>]+(?=@[\w.-]+)")
#: Passwords and tokens as settings, connection strings and queries have them.
_NAMED = re.compile(
    r"(?i)(?P<name>\b(?:[a-z0-9_-]*(?:password|passwd|secret|token|api[_-]?key|apikey|authorization|access[_-]?key)"
    r"|pwd|sig|signature))(?P<is>[\"']?\s*[=:]\s*(?:bearer\s+|basic\s+)?[\"']?)[^\s&\"',;<>]+"
)


def conceal(text: str) -> str:
    """Return ``text`` without passwords, tokens and the user part of addresses; ``…`` stands where they were."""
    return _NAMED.sub(r"\g<name>\g<is>…", _USERINFO.sub("…", text))
