"""``analyse(page) -> Article``: the whole pure line. No network, no clock, no database."""

from __future__ import annotations

from pipelines.dedup import fingerprint, sketch
from pipelines.errors import PageRejected
from pipelines.extract import extract
from pipelines.hashtags import find_hashtags
from pipelines.language import identify
from pipelines.model import Article, Page
from pipelines.quotes import find_quotes
from pipelines.search.words import article_vector, labels, search_vector

#: What people call the languages that are told apart (BCP 47 tags of :func:`pipelines.language.identify`).
LANGUAGE_NAMES = {"ar": "Arabic", "fa": "Persian", "ur": "Urdu", "ckb": "Kurdish (Sorani)", "en": "English"}


def analyse(page: Page) -> Article:
    """Read a page: what it says, its hashtags, and who said what.

    Raises :class:`~pipelines.errors.PageRejected` with the verdict when the page holds no article in the source's
    language.
    """
    extracted = extract(page)
    language = _expect_language(extracted.text, page.rules.language)
    metadata = extracted.metadata
    hashtags = find_hashtags(extracted.text, metadata.title, metadata.keywords, extracted.embeds)
    quotes = find_quotes(extracted.text)
    return Article(
        url=metadata.canonical_url,
        title=metadata.title,
        text=extracted.text,
        authors=metadata.authors,
        published_at=metadata.published_at,
        modified_at=metadata.modified_at,
        section=metadata.section,
        image=metadata.image,
        site_name=metadata.site_name,
        language=language,
        keywords=metadata.keywords,
        hashtags=hashtags,
        quotes=quotes,
        fingerprint=fingerprint(extracted.text),
        sketch=sketch(extracted.text),
        removed=extracted.removed,
        trace=extracted.trace,
        words=article_vector(metadata.title, extracted.text, labels(hashtags, metadata.keywords, metadata.authors)),
        quote_words=tuple(search_vector([(quote.span.of(extracted.text), "")]) for quote in quotes),
    )


def analyse_text(text: str) -> Article:
    """Analyse text that somebody has already extracted; it is taken as it is, and offsets refer to it."""
    return Article(
        url="",
        title=None,
        text=text,
        language=identify(text),
        hashtags=find_hashtags(text),
        quotes=find_quotes(text),
        fingerprint=fingerprint(text),
        sketch=sketch(text),
    )


def _expect_language(text: str, expected: str) -> str:
    found = identify(text)
    if found != expected:
        name, wanted = LANGUAGE_NAMES.get(found, found), LANGUAGE_NAMES.get(expected, expected)
        slug = "not-arabic" if expected == "ar" else "other-language"
        raise PageRejected(slug, f"the text is {name}, not {wanted}")
    return found
