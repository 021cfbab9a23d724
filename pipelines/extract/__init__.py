"""From a page's bytes to its article: decode, parse once, read the metadata, then the body, part by part."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pipelines.extract.body import continue_body, extract_body
from pipelines.extract.decode import decode
from pipelines.extract.landmarks import Landmarks
from pipelines.extract.metadata import Metadata, extract_metadata
from pipelines.extract.parse import parse_html
from pipelines.model import Page, Removed, Trace


@dataclass(frozen=True, slots=True)
class Extracted:
    """An article as its page has it. ``embeds`` are the texts of embedded posts, which ``text`` contains."""

    metadata: Metadata
    text: str
    embeds: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()
    trace: Trace = field(default_factory=Trace)


def extract(page: Page) -> Extracted:
    """Extract the article of a page.

    Raises :class:`~pipelines.errors.PageRejected`: ``empty``, ``not-html``, ``listing``, ``video``.
    """
    tree = parse_html(decode(page.body, page.charset).utf8)
    landmarks = Landmarks(tree)
    metadata = extract_metadata(landmarks, page.url, page.entry, page.rules, page.fetched_at)
    body = extract_body(tree, metadata, page.rules)
    for part in page.parts:
        body = continue_body(body, parse_html(decode(part, page.charset).utf8), metadata, page.rules)
    if body.authors and not metadata.authors:
        metadata = replace(metadata, authors=body.authors)
    del landmarks  # while they are held, nobody makes the objects of elements anew
    return Extracted(metadata=metadata, text=body.text, embeds=body.embeds, removed=body.removed, trace=body.trace)
