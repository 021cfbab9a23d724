"""Who is asking: the token, the session that a browser carries in a cookie, and the token of its forms.

A session is signed and holds nothing: a number drawn by lot, when it ends, and whether its browser has shown the token.
The key comes from the token, so a new token ends all sessions; without a token it is drawn anew at each start.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

#: Seconds that a session lasts: a week.
LIFETIME = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Session:
    """What a browser carries. ``nonce`` tells sessions apart, ``ends_at`` is a Unix time in seconds."""

    nonce: str
    ends_at: int
    signed_in: bool


class Sessions:
    """Makes and reads sessions; ``token`` is what readers must show, or ``None`` where anybody may read."""

    def __init__(self, token: str | None) -> None:
        self._token = token
        self._key = _mac(token.encode() if token else secrets.token_bytes(32), "rawi session")

    @property
    def token_needed(self) -> bool:
        """Whether readers must show a token."""
        return self._token is not None

    def is_token(self, shown: str) -> bool:
        """Whether ``shown`` is the token, compared in constant time."""
        return self._token is not None and hmac.compare_digest(shown.encode(), self._token.encode())

    def new(self, now: float, *, signed_in: bool = False) -> Session:
        """Return a fresh session."""
        return Session(secrets.token_urlsafe(18), int(now) + LIFETIME, signed_in)

    def write(self, session: Session) -> str:
        """Return the value of the cookie."""
        said = f"{session.nonce}.{session.ends_at}.{int(session.signed_in)}"
        return f"{said}.{_mac(self._key, said).hex()}"

    def read(self, cookie: str | None, now: float) -> Session | None:
        """Return the session of a cookie; ``None`` for one that is not ours, was changed, or has ended."""
        said, _, signature = (cookie or "").rpartition(".")
        if not hmac.compare_digest(signature.encode(), _mac(self._key, said).hex().encode()):
            return None
        nonce, ends_at, signed_in = said.split(".")
        return Session(nonce, int(ends_at), signed_in == "1") if int(ends_at) > now else None

    def form_token(self, session: Session) -> str:
        """Return what a form of this session must bring along, so that no other site can send one for it."""
        return _mac(self._key, f"form {session.nonce}").hex()

    def is_form_token(self, session: Session, shown: str) -> bool:
        """Whether ``shown`` came from a form of this session."""
        return hmac.compare_digest(shown.encode(), self.form_token(session).encode())


def _mac(key: bytes, said: str) -> bytes:
    return hmac.digest(key, said.encode(), "sha256")
