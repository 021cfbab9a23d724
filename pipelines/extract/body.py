"""The article's text: its container is found, and its blocks are read from the page itself.

So nothing inside is lost, reordered or glued together, and what is not the article is taken out with its reason
(:mod:`pipelines.extract.sift`). A container that was learned spares looking for it; while it is on trial every page is
read in full all the same, later a sample of them, and where the two disagree the full reading holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from zlib import crc32

from lxml.html import HtmlElement

from pipelines.errors import PageRejected
from pipelines.extract.blocks import Block, read_blocks
from pipelines.extract.classify import is_prose
from pipelines.extract.containers import find_container, learned_container
from pipelines.extract.furniture import find_furniture
from pipelines.extract.metadata import Metadata
from pipelines.extract.passages import passages
from pipelines.extract.selectors import name_element, select, select_only, signature
from pipelines.extract.sift import Sifted, sift
from pipelines.extract.standfirst import find_standfirst, repeats
from pipelines.extract.text import letter_count
from pipelines.extract.verdicts import check
from pipelines.model import Removed, SourceRules, Trace

#: One page in so many is read in full although its container is known.
SAMPLED = 20
#: Letters of a text from a learned container below which the page is read in full.
SHORT = 300
#: Removed passages that are kept of one article, and the characters of each.
KEPT_REMOVED, KEPT_LENGTH = 200, 1_000
#: Passages, and signatures of elements, that a trace holds of one article.
MAX_PASSAGES, MAX_SIGNATURES = 300, 60


@dataclass(frozen=True, slots=True)
class Body:
    """The text of an article, its embedded posts, the authors its first lines name, and what was taken out."""

    text: str
    embeds: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()
    trace: Trace = field(default_factory=Trace)


def extract_body(tree: HtmlElement, metadata: Metadata, rules: SourceRules) -> Body:
    """Return the text of the article on a page.

    Raises :class:`~pipelines.errors.PageRejected` with a verdict of :mod:`pipelines.extract.verdicts`.
    """
    page = tree.find("body") if tree.find("body") is not None else tree
    if rules.operator.body and (chosen := _outermost(select(page, rules.operator.body))):
        furniture = {key: value for element in chosen for key, value in find_furniture(element).items()}
        return _read(page, chosen, furniture, metadata, rules)
    if not rules.learned.containers:
        return _read_in_full(page, metadata, rules)
    known, drift = _read_learned(page, metadata, rules)
    if known is not None and known.trace.used not in rules.learned.trial and not _is_sampled(metadata):
        return known
    full = _read_in_full(page, metadata, rules)
    if known is not None and known.text != full.text:
        drift = "differs"
    used = known.trace.used if known is not None else None
    return replace(full, trace=replace(full.trace, used=used, drift=drift))


def continue_body(body: Body, tree: HtmlElement, metadata: Metadata, rules: SourceRules) -> Body:
    """Add the text of the article's next part, which stands where the first stood; what it repeats stands once."""
    page = tree.find("body") if tree.find("body") is not None else tree
    selectors = [rules.operator.body] if rules.operator.body else []
    selectors += [body.trace.used] if body.trace.used else body.trace.containers
    container = next((found for s in selectors if (found := select_only(page, s)) is not None), None)
    furniture = find_furniture(page)
    if container is None:
        container = find_container(page, furniture)
    part = _read(page, [container], furniture, metadata, rules, first=False)
    said = set(body.text.split("\n\n"))
    more = [block for block in part.text.split("\n\n") if block and block not in said]
    return replace(
        body,
        text="\n\n".join((body.text, *more)),
        embeds=body.embeds + part.embeds,
        removed=(body.removed + part.removed)[:KEPT_REMOVED],
    )


def _read_learned(page: HtmlElement, metadata: Metadata, rules: SourceRules) -> tuple[Body | None, str | None]:
    """Read the page's learned container; ``None``, and why, when it is not to be trusted."""
    found = learned_container(page, rules.learned.containers)
    if found is None:
        return None, "missing"
    selector, container = found
    try:
        body = _read(page, [container], find_furniture(container), metadata, rules)
    except PageRejected:
        return None, "short"
    if letter_count(body.text) < SHORT:
        return None, "short"
    return replace(body, trace=replace(body.trace, used=selector)), None


def _read_in_full(page: HtmlElement, metadata: Metadata, rules: SourceRules) -> Body:
    furniture = find_furniture(page)
    container = find_container(page, furniture)
    body = _read(page, [container], furniture, metadata, rules)
    return replace(body, trace=replace(body.trace, containers=name_element(container, page)))


def _read(
    page: HtmlElement,
    containers: Sequence[HtmlElement],
    furniture: dict[HtmlElement, str],
    metadata: Metadata,
    rules: SourceRules,
    *,
    first: bool = True,
) -> Body:
    """Read the blocks of ``containers`` and sift them; only the ``first`` part must be an article by itself."""
    furniture = dict(furniture)
    for selector in rules.operator.remove:
        furniture |= dict.fromkeys(select(page, selector), f"rule:{selector}")
    blocks = [block for container in containers for block in read_blocks(container, furniture, rules.learned.elements)]
    sifted = sift(blocks, metadata, rules)
    if first:
        _put_standfirst(sifted, page, containers, furniture)
    text = "\n\n".join(block.text for block in sifted.kept)
    if first:
        check(page, text, [block for block in sifted.kept if is_prose(block)], blocks, metadata)
    return Body(
        text=text,
        embeds=tuple(block.text for block in sifted.kept if block.quoted_post),
        authors=sifted.authors,
        removed=tuple(Removed(r.text[:KEPT_LENGTH], r.reason) for r in sifted.removed[:KEPT_REMOVED]),
        trace=replace(_trace(sifted, blocks, containers), rules_version=rules.learned.version),
    )


def _put_standfirst(
    sifted: Sifted, page: HtmlElement, containers: Sequence[HtmlElement], furniture: dict[HtmlElement, str]
) -> None:
    """Put the standfirst before the story, unless the story says the same."""
    story = " ".join(block.text for block in sifted.kept)
    for block in reversed(find_standfirst(page, containers[0], furniture)):
        if repeats(block.text, story):
            sifted.removed.append(Removed(block.text, "standfirst"))
        else:
            sifted.kept.insert(0, block)
            sifted.recurring.append(block.text)


def _trace(sifted: Sifted, blocks: Sequence[Block], containers: Sequence[HtmlElement]) -> Trace:
    """Write down what learning compares with other articles of the source."""
    kept = {id(block) for block in sifted.kept}
    taken: dict[str, None] = {}
    holding: dict[str, None] = {}
    roots = set(containers)
    for block in blocks:
        element: HtmlElement | None = block.element
        while element is not None and element not in roots:
            if (name := signature(element)) is not None:
                (holding if id(block) in kept else taken)[name] = None
            element = element.getparent()
    keys = dict.fromkeys(key for text in sifted.recurring for key, _ in passages(text))
    return Trace(
        passages=tuple(keys)[:MAX_PASSAGES],
        taken=tuple(name for name in taken if name not in holding)[:MAX_SIGNATURES],
        kept=tuple(holding)[:MAX_SIGNATURES],
    )


def _outermost(elements: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Leave out elements that lie within another one."""
    chosen = set(elements)
    return [element for element in elements if not any(above in chosen for above in element.iterancestors())]


def _is_sampled(metadata: Metadata) -> bool:
    return crc32(metadata.canonical_url.encode("utf-8", "replace")) % SAMPLED == 0
