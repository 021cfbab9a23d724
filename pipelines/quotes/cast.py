"""Who is who in one article: the people, bodies, media and documents it names, and what points back at them."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from pipelines.arabic import fold_text
from pipelines.model import Span
from pipelines.quotes.descriptions import (
    CORRESPONDENTS,
    SOURCES,
    described,
    is_credible,
    keys_of,
    leading_role,
    learn,
    role_keys,
    second_names,
)
from pipelines.quotes.holders import Holders
from pipelines.quotes.kinds import BODY, Kind, titles
from pipelines.quotes.members import (
    Member,
    clean,
    last_before,
    last_seen,
    names_same,
    nisbas,
    of_another_country,
    roles_same,
)
from pipelines.quotes.mentions import parse_mention
from pipelines.quotes.phrases import MAX_PHRASE, Mention, ends_phrase
from pipelines.quotes.speaker_types import DOCUMENT, MEDIA, ORGANISATION, PERSON, UNNAMED
from pipelines.quotes.tokens import Reading, Shape
from pipelines.quotes.words import NAMED, NO_WORD, Word, classify

#: Whoever is named after so many others is not remembered: no article has more, and time stays linear.
MAX_MEMBERS = 100

#: A word that is only a common noun for people begins nothing credible unless it begins like one of these.
_REMEMBERED = (*SOURCES, *CORRESPONDENTS)
_TELLING = NAMED | Kind.DEMONSTRATIVE | Kind.NAME_PARTICLE
_RANK = Kind.TITLE | Kind.HONORIFIC
_HUMAN = _RANK | Kind.GIVEN_NAME | Kind.NAME_PARTICLE | Kind.UNNAMED | Kind.COURTESY | Kind.ANAPHOR | Kind.DEMONSTRATIVE
_IN_ROLE = Kind.ORGANISATION | Kind.MEDIA
#: Nobody has more titles in a row; whatever piles up more is not read from each of them, so that time stays linear.
_MAX_RANKS = 6
_BODIES = (ORGANISATION, MEDIA, DOCUMENT)


class Cast:
    """The members of one article, found before any quotation is attributed."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.members: list[Member] = []
        self._holders = Holders(reading, self.members)
        self._people: list[Member] = []
        self._called: set[str] = set()
        after, person_until = 0, 0
        for at in _beginnings(reading):
            word = reading.tokens[at].lexeme
            # Inside the phrase of a person only bodies are looked for: المسؤول بشركة ….
            if at >= after and (at >= person_until or word.kind & _IN_ROLE):
                mention = self._introduce(at, word)
                if mention is not None and mention.type is PERSON:
                    person_until = mention.last
                elif mention is not None:
                    after = mention.last
        alone = self._called_alone()
        self._tie_roles(alone)
        self._see_names(alone)

    def _called_alone(self) -> dict[str, Member]:
        """Return the people by the first or last names that are nobody else's."""
        bearers: dict[str, list[Member]] = {}
        for member in self._people:
            for key in {member.keys[0], member.keys[-1]} if member.keys else ():
                bearers.setdefault(key, []).append(member)
        return {key: members[0] for key, members in bearers.items() if len(members) == 1 and _tells_alone(key)}

    def _tie_roles(self, alone: dict[str, Member]) -> None:
        """Give a role right behind a name that stands alone to its bearer: «بحضور الراوي، أمين السر الدائم، …»."""
        tokens = self._reading.tokens
        for nobody in [m for m in self.members if not m.named and m.seen and m.seen[0] > 1]:
            at = nobody.seen[0] - 1
            at -= tokens[at].shape is Shape.COMMA
            bearer = alone.get(tokens[at].lexeme.text)
            if (
                bearer is None
                or bearer.role_keys
                or (nobody.gender and bearer.gender and nobody.gender != bearer.gender)
            ):
                continue
            bearer.tell_role = nobody.tell_role
            bearer.role_keys, bearer.role_heads = nobody.role_keys, nobody.role_heads
            self.members.remove(nobody)

    def _see_names(self, alone: dict[str, Member]) -> None:
        """Remember every place where a person is called by a name that is nobody else's."""
        for at in [at for at, token in enumerate(self._reading.tokens) if token.lexeme.text in alone]:
            called = alone[self._reading.tokens[at].lexeme.text]
            if called.seen_before(at) != at:
                insort(called.seen, at)

    @cached_property
    def _second_names(self) -> dict[str, int]:
        # Looked for when first asked for: few articles name anybody by a family name alone that nobody introduced.
        return second_names(self._reading)

    @property
    def names(self) -> frozenset[str]:
        """The words of all personal names met so far."""
        return frozenset(key for member in self._people for key in member.keys)

    def resolve(self, mention: Mention, running: Member | None) -> Member:
        """Return who ``mention`` is: a member already met, or a new one. ``running`` is who spoke last."""
        member = self._known(mention, running) or self._new(self._fuller(mention))
        if mention.name and mention.type is PERSON and member.type is PERSON:
            self._learn(member, mention)
        insort(member.seen, mention.first)
        return member

    def _fuller(self, mention: Mention) -> Mention:
        """Return a family name that is met alone with the first name that stands before it elsewhere.

        «المسرحية سلافة الجندلي» … «تقول الجندلي»: a word that is nothing else, right before a name that recurs.
        """
        tokens = self._reading.tokens
        alone = mention.type is PERSON and mention.name is not None
        if not alone or mention.name is None or mention.name.end - mention.name.start != 1 or mention.role is not None:
            return mention
        name = tokens[mention.name.start].lexeme
        if name.kind & Kind.GIVEN_NAME or self._reading.counts[name.text] < 2:
            return mention
        at = self._second_names.get(name.text, mention.name.start)
        return replace(mention, name=Span(at - 1, at + 1)) if at < mention.name.start else mention

    def known(self, mention: Mention, running: Member | None) -> Member | None:
        """Return who of those already met ``mention`` is."""
        return self._known(mention, running)

    def _introduce(self, at: int, word: Word) -> Mention | None:
        """Take in a name that begins at token ``at``; return its phrase, or ``None`` when nothing was taken in."""
        if word.text == "الدين" and at > 0 and self._reading.tokens[at - 1].word is not None:
            at -= 1  # «نور الدين الطبوخي»
        if (word.cue is not None or word.text[-1] == "ا") and self._is_no_beginning(at, word):
            return None
        if word.kind & _TELLING == Kind.UNNAMED and not word.base.startswith(_REMEMBERED):
            return None  # «مواطنون»: not credible however the phrase goes on, so it is not read
        if word.definite and word.kind & BODY and not word.kind & _HUMAN and _stands_alone(self._reading, at):
            return None  # «الوزارة» points back, whatever the phrase is: it is not read either
        mention = parse_mention(self._reading, at, at + MAX_PHRASE, bounded=False)
        if mention is None:
            return None
        if mention.points_back or not is_credible(self._reading, mention):
            self._notice(mention)
            return None
        known = self._known(mention, None)
        if known is None:
            known = self._new(mention)
        elif mention.type is PERSON:
            self._learn(known, mention)
        known.seen.append(mention.first)
        self._let_lead(known, mention)
        return mention

    def _learn(self, member: Member, mention: Mention) -> None:
        learn(self._reading, member, mention)
        self._called.update(member.keys)

    def _is_no_beginning(self, at: int, word: Word) -> bool:
        """Whether a role or name is rather a verb or an adverb by its place."""
        tokens = self._reading.tokens
        if word.conjunction and word.cue is not None and at == self._reading.sentence_of(at).start:
            return True  # «وروى أبو أحمد»
        if at == 0 or word.definite:
            return False
        before, following = tokens[at - 1].lexeme, tokens[at + 1].lexeme if at + 1 < len(tokens) else NO_WORD
        if word.kind & Kind.TITLE:
            # «طالب عضو المجلس»; «قريبا من المطعم», which is an accusative and no two relatives
            adverb = word.text.endswith("ا") and word.base not in titles() and not following.definite
            return word.cue is not None or adverb
        verb = word.kind & Kind.GIVEN_NAME and word.cue is not None and not word.conjunction
        return bool(verb and before.text.startswith("ال") and not before.kind & _RANK)  # «هذا العام شهد حادثتين»

    def _let_lead(self, member: Member, mention: Mention) -> None:
        """Make somebody who is named after «برئاسة» and a body its president."""
        role = leading_role(self._reading, mention)
        if role is None or mention.type is not PERSON:
            return
        body = last_before(self.members, mention.first, ORGANISATION)
        if body is not None:
            member.role_keys |= frozenset((role, *body.keys))
            member.role_heads |= {role}

    def _notice(self, mention: Mention) -> None:
        """Remember where somebody is called by a role that is his alone («وسأل الصلح المحافظ»), for «الأخير»."""
        if mention.type is not PERSON or mention.name is not None or not mention.definite:
            return
        words = role_keys(self._reading, mention)
        same = [member for member in self.members if member.named and words and roles_same(words, member)]
        if len(same) == 1 and same[0].type is PERSON:
            same[0].seen.append(mention.first)

    def _known(self, mention: Mention, running: Member | None) -> Member | None:
        if mention.type is PERSON and mention.name:
            return self._same_name(keys_of(self._reading, mention), running)
        if mention.type is PERSON or (mention.points_back and mention.role):
            holder = self._holders.of_role(mention, running)
            return holder or self._body_called(mention)
        unnamed_role = mention.role is not None and mention.name is None
        if unnamed_role and (holder := self._holders.of_indefinite(mention, running)) is not None:
            return holder
        if mention.points_back and mention.marked_name is None:
            return self._pointed_at(mention, running)
        return self._same_body(mention)

    def _body_called(self, mention: Mention) -> Member | None:
        """Return the body that a rank without a name is: «فريق الخبراء» … «الفريق»."""
        if mention.last != mention.first + 1:
            return None
        head = mention.head.removeprefix("ال")
        bodies = (m for m in self.members if m.head == head and m.type is ORGANISATION)
        return last_seen(bodies, mention.first)

    def _same_name(self, keys: tuple[str, ...], running: Member | None) -> Member | None:
        words = frozenset(keys)
        people = [] if words.isdisjoint(self._called) else self._people
        same = [member for member in people if not words.isdisjoint(member.keys) and names_same(keys, member.keys)]
        if running in same:
            return running
        if same:
            # Of two of one family the one who is named most often, or first, is called by the name alone.
            return max(same, key=lambda member: len(member.seen)) if len(keys) == 1 else same[-1]
        for member in reversed(self.members):
            called = keys[0] in member.keys and (len(keys) > 1 or len(member.keys) == 1)
            if called and member.type in _BODIES and words.issubset(member.keys):
                return member
        return None

    def _pointed_at(self, mention: Mention, running: Member | None) -> Member | None:
        if mention.head in ("اخير", "اخيره"):
            return last_before(self.members, mention.first, PERSON) or running
        if mention.head.startswith(SOURCES):
            return self._source(mention, running)
        nisba = nisbas(frozenset(keys_of(self._reading, mention)[1:]))
        same = [
            member
            for member in self.members
            if (member.head == mention.head or (member.head.startswith("وزار") and mention.head in member.keys))
            and member.type is not PERSON
            and not (nisba and nisbas(frozenset(member.keys)) and not nisba & frozenset(member.keys))
            and not (nisba and member.type is ORGANISATION and of_another_country(nisba, frozenset(member.keys)))
        ]
        last = last_seen([m for m in same if not m.indefinite] or same, mention.first)
        if last is not None and last.seen_before(mention.first) >= 0:
            return last
        if mention.type is DOCUMENT:
            return self._speaking_document(mention, running)
        if mention.head.startswith(CORRESPONDENTS):
            return last_seen((m for m in self.members if m.head.startswith(mention.head[:5])), mention.first)
        return None

    def _source(self, mention: Mention, running: Member | None) -> Member | None:
        """Return who «المصدر» or «المصادر» is: the source that was named last, or who spoke last."""
        sources = [m for m in self.members if m.type is UNNAMED and m.seen_before(mention.first) >= 0]
        same = [member for member in sources if member.head == mention.head]
        last = last_seen(same or sources, mention.first)
        if last is None or running is None:
            return last or running or last_before(self.members, mention.first, *_BODIES)
        return last if last.seen_before(mention.first) > running.seen_before(mention.first) else running

    def _speaking_document(self, mention: Mention, running: Member | None) -> Member | None:
        """Return who speaks in «البيان» or «النتائج»: whoever issued it, or the document that spoke before."""
        kind = classify(mention.head)
        if kind.kind & Kind.RULE and not kind.kind & Kind.STATEMENT:
            return None
        if running and (kind.kind & Kind.STATEMENT or running.type is DOCUMENT):
            return running
        return last_before(self.members, mention.first, DOCUMENT)

    def _same_body(self, mention: Mention) -> Member | None:
        if mention.issuer is not None and mention.type is DOCUMENT:
            issuer = self._known(mention.issuer, None)
            if issuer is not None and issuer.seen and issuer.type is ORGANISATION and issuer.spoken:
                return issuer
        if mention.marked_name is not None:
            names = set(fold_text(clean(mention.marked_name.of(self._reading.text))).split())
            return last_seen((member for member in self.members if names.issubset(member.keys)), mention.first)
        keys = set(keys_of(self._reading, mention))
        if not mention.definite and len(keys) < 2:
            return None
        of_kind = [member for member in self.members if member.head == mention.head and member.type is mention.type]
        same = (member for member in of_kind if keys.issubset(member.keys) or self._adds_object(mention))
        return last_seen(same, mention.first)

    def _new(self, mention: Mention) -> Member:
        issuer = self._issuer(mention)
        member = described(self._reading, mention, issuer.name if issuer else None)
        if len(self.members) < MAX_MEMBERS:
            self.members.append(member)
            if member.is_named_person:
                self._people.append(member)
                self._called.update(member.keys)
        return member

    def _issuer(self, mention: Mention) -> Member | None:
        """Return the body that a document is of when the article names it more fully elsewhere: «بيان الهيئة»."""
        if mention.type is not DOCUMENT or mention.issuer is None or not mention.issuer.definite:
            return None
        issuer = self._known(mention.issuer, None)
        return issuer if issuer is not None and issuer.type is ORGANISATION else None

    def _adds_object(self, mention: Mention) -> bool:
        """Whether a definite body took its verb's object for a part of its name («قررت الأكاديمية التأجيل»)."""
        added = self._reading.tokens[mention.first + 1 : mention.last]
        plain = all(t.word and t.lexeme.definite and not t.lexeme.known for t in added)
        return mention.definite and plain and not any(t.lexeme.text.endswith(("ي", "يه")) for t in added)


def _beginnings(reading: Reading) -> Iterator[int]:
    """Yield where a name may begin that is met outside any report, but not deep in a pile of titles."""
    tokens, ranks, last = reading.tokens, 0, -1
    for at in [at for at in reading.notable if tokens[at].lexeme.kind & NAMED]:
        if tokens[at].lexeme.kind & _RANK:
            apart = at > last + 1 and any(token.word for token in tokens[last + 1 : at])
            ranks, last = 1 if apart else ranks + 1, at
        if last < at or ranks <= _MAX_RANKS:
            yield at


def _stands_alone(reading: Reading, at: int) -> bool:
    """Whether a phrase that begins at ``at`` is one word, without an abbreviation in brackets."""
    after, limit = at + 1, min(at + MAX_PHRASE, len(reading.tokens))
    return ends_phrase(reading, after, limit) and (after == limit or reading.tokens[after].shape is not Shape.OPEN)


def _tells_alone(key: str) -> bool:
    """Whether one word of a name can mean its bearer: no verb of saying, and no «أبو», which is in «أبو ظبي» too."""
    word = classify(key)
    return word.cue is None and not word.has(Kind.NAME_PARTICLE)
