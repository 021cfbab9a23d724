"""Rawi's error tree.

::

    RawiError                    everything Rawi raises on purpose; its text is fit for an operator
    +-- ConfigurationError       a setting is wrong: nothing was started
    +-- DatabaseError            Postgres
    |   +-- DatabaseUnavailable  absent or lost; waiting may help
    |   +-- DatabaseFull         the disk under Postgres is full
    |   `-- SchemaOutdated       `rawi db migrate` must run first
    +-- AnalysisBroken           the analysis processes cannot be kept alive
    +-- ClaimLost                another run took over what this one was crawling
    +-- SourceError              a source: unknown, named twice, a bad address
    +-- RuleError                a rule for reading a source's pages is none
    +-- QueryError               a search has nothing to look for
    +-- ArchiveError             a file is no archive, or is broken
    +-- SpeakerError             a speaker is unknown, or cannot be split
    `-- Rejected                 a verdict on one page or feed; carries a machine-readable reason
        +-- PageRejected
        `-- FeedRejected

A verdict is a *value* that is counted and kept, not an accident: raising one drops one page or one feed and nothing
else. ``Rejected.reason`` is a stable slug (``not-arabic``, ``listing``, ``http-404``) that scripts may rely on;
``detail`` is for people.
"""

from __future__ import annotations


class RawiError(Exception):
    """The root: everything that Rawi raises on purpose."""


class ConfigurationError(RawiError):
    """A setting is wrong; nothing was started."""


class DatabaseError(RawiError):
    """Something about Postgres."""


class DatabaseUnavailable(DatabaseError):  # noqa: N818 -- reads as what it is
    """Postgres is absent or was lost."""


class DatabaseFull(DatabaseError):  # noqa: N818
    """The disk under Postgres is full."""


class SchemaOutdated(DatabaseError):  # noqa: N818
    """The database was migrated by another version of Rawi."""


class AnalysisBroken(RawiError):  # noqa: N818
    """The analysis processes cannot be started or kept alive on this machine."""


class ClaimLost(RawiError):  # noqa: N818
    """Another run took over a source, because this one gave no sign of life for too long."""

    @classmethod
    def of(cls, source: str) -> ClaimLost:
        """Return the sentence about one source."""
        return cls(f"this crawl gave no sign of life for so long that another took over {source}; nothing is lost")


class SourceError(RawiError):
    """A source is unknown, named twice or badly addressed."""


class RuleError(RawiError):
    """A selector or pattern cannot be used."""


class BackupError(RawiError):
    """A file that no backup can be written to, or that is none."""


class QueryError(RawiError):
    """A search query that cannot be carried out."""


class SpeakerError(RawiError):
    """A speaker is unknown, or cannot be split."""


class ArchiveError(RawiError):
    """A file is no archive of pages, or is broken."""


class Rejected(RawiError):  # noqa: N818
    """A verdict: this page or feed is not stored, for ``reason``."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[Rejected], tuple[str, str]]:
        """Survive the trip between processes with reason and detail apart."""
        return type(self), (self.reason, self.detail)


class PageRejected(Rejected):
    """The page holds no article that Rawi may store."""


class FeedRejected(Rejected):
    """The feed could not be read."""
