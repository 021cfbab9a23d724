"""The types of speakers as names of a module, since rules ask often: a member of an Enum takes ten times as long."""

from __future__ import annotations

from typing import Final

from pipelines.model import SpeakerType

PERSON: Final = SpeakerType.PERSON
ORGANISATION: Final = SpeakerType.ORGANISATION
MEDIA: Final = SpeakerType.MEDIA
DOCUMENT: Final = SpeakerType.DOCUMENT
UNNAMED: Final = SpeakerType.UNNAMED
