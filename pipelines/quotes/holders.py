"""Who holds a role that is named without its holder: «الوزير», «المتحدث الرسمي», «نائب الرئيس», «خطيبة فلان»."""

from __future__ import annotations

from pipelines.quotes.descriptions import described, role_heads, role_keys
from pipelines.quotes.kinds import Kind
from pipelines.quotes.members import (
    HUMAN,
    Member,
    countries,
    last_before,
    last_seen,
    nisbas,
    other_nisba,
    roles_same,
    same_country,
    singular,
)
from pipelines.quotes.mentions import parse_mention
from pipelines.quotes.phrases import Mention
from pipelines.quotes.speaker_types import PERSON
from pipelines.quotes.tokens import Reading
from pipelines.quotes.words import NO_WORD, classify

#: Somebody without a name who is called again was told of so many tokens before at most.
MAX_MENTIONED = 400

#: Who made a work or is in it: «صاحبة «مطر الساحل»».
_OF_WORKS = ("صاحب", "مؤلف", "مولف", "بطل", "نجم", "مخرج", "كاتب", "مطرب", "مغني")
#: A definite role that is another word for somebody known is not longer, in tokens: «المدير الفني البرتغالي».
MAX_CALLED = 3


class Holders:
    """Finds the holder of a role among ``members``, the people of one article, who may still be growing in number."""

    def __init__(self, reading: Reading, members: list[Member]) -> None:
        self._reading = reading
        self._members = members

    def of_indefinite(self, mention: Mention, running: Member | None) -> Member | None:
        """Return who holds a role that no article makes definite: «خطيبة فلان», «نائب فلان», «بطلة «الجسر»»."""
        return self._exact(mention) or self._only_holder(mention) or self._never_introduced(mention, running)

    def of_role(self, mention: Mention, running: Member | None) -> Member | None:
        """Return the person whose role holds every word of a role that is named without its holder."""
        tokens = self._reading.tokens[mention.first : mention.last]
        if any(token.lexeme.kind & Kind.ANAPHOR for token in tokens) and running:
            return running  # «المتحدث ذاته»
        words = role_keys(self._reading, mention)
        if not words:  # سعادته
            return (
                running
                if running and running.type in HUMAN
                else self._first_named() or last_before(self._members, mention.first, PERSON)
            )
        people = [member for member in self._members if member.type in HUMAN and (mention.plural or not member.plural)]
        heads = role_heads(self._reading, mention)
        same = [m for m in people if roles_same(words, m) and (not m.role_heads or heads & m.role_heads)]
        named = last_seen((member for member in same if member.named), mention.first)
        return (
            named
            or (None if same else self._mentioned(mention))
            or self._counterpart(words)
            or self._spokesman(mention, words)
            or self._called_back(mention, running)
            or self._only_holder(mention)
            or last_seen(same, mention.first)
            or self._never_introduced(mention, running)
        )

    def _counterpart(self, words: frozenset[str]) -> Member | None:
        """Return who was named as somebody's counterpart of a country: «نظيره التركي فلان» … «وزير الخارجية التركي»."""
        people = [member for member in self._members if member.is_named_person and "نظير" in member.role_keys]
        if not people or len(words) < 2:
            return None
        country = countries(words)
        same = [member for member in people if country & member.role_keys]
        return same[0] if len(same) == 1 else None

    def _never_introduced(self, mention: Mention, running: Member | None) -> Member | None:
        """Return who spoke last, or is named first, for a role that nothing before introduces.

        With its article it means somebody known, by another word: «والد الضحية سالم … وقال الأب», «مدرب المنتخب فلان …
        وقال المدير الفني».
        """
        if mention.last > mention.first + MAX_CALLED or not self._is_met_first(mention):
            return None
        somebody = self._agreeing(mention, running)
        if somebody is None or other_nisba(role_keys(self._reading, mention), somebody.role_keys):
            return None
        return somebody

    def _is_met_first(self, mention: Mention) -> bool:
        """Whether a role has its article, or is of a work («صاحبة «مطر الساحل»»), and its word was not met before."""
        tokens = self._reading.tokens
        phrase = tokens[mention.first : mention.last]
        head, marked = phrase[0].lexeme, any(token.marked for token in phrase)
        of_work = marked and len(phrase) == 2 and head.base.startswith(_OF_WORKS)
        if not of_work and (marked or not head.text.startswith("ال")):
            return False
        if any(token.lexeme.kind & Kind.GIVEN_NAME for token in phrase):
            return False
        base = head.base.removeprefix("ال")
        return all(token.lexeme.base.removeprefix("ال") != base for token in tokens[: mention.first])

    def _agreeing(self, mention: Mention, running: Member | None) -> Member | None:
        """Return who spoke last, or else was named last, or first, and may be called so."""
        if running is not None and running.is_named_person and same_gender(mention, running):
            return running
        people = [m for m in self._members if m.is_named_person and m.gender == mention.gender and not mention.plural]
        last = last_seen(people, mention.first)
        return last if last is not None and last.seen_before(mention.first) >= 0 else None

    def _first_named(self) -> Member | None:
        """Return whom the article is about, as far as its beginning tells: the person it names first."""
        people = (member for member in self._members if member.is_named_person and member.seen)
        return min(people, key=lambda member: member.seen[0], default=None)

    def _mentioned(self, mention: Mention) -> Member | None:
        """Return whom nobody names and the article has told of before: «فتاة مغربية تسأل الوزير … قالت الفتاة»."""
        tokens = self._reading.tokens
        if mention.last != mention.first + 1 or not classify(mention.head).has(Kind.HYPERNYM):
            return None
        for at in range(mention.first - 1, max(-1, mention.first - MAX_MENTIONED), -1):
            word = tokens[at].lexeme
            if word.base != mention.head or word.definite or word.preposition or tokens[at].aside:
                continue
            before = parse_mention(self._reading, at, mention.first, bounded=False)
            if before is None or before.name is not None or before.last < at + 2 or before.plural:
                return None
            member = described(self._reading, before)
            self._members.append(member)
            return member
        return None

    def _only_holder(self, mention: Mention) -> Member | None:
        """Return the one person of a role that is told otherwise: «نائب أردوغان» for «نائب الرئيس التركي»."""
        heads = role_heads(self._reading, mention)
        if not heads or mention.plural:
            return None
        people = [m for m in self._members if m.is_named_person and heads & m.role_heads]
        if len(people) != 1 or not same_gender(mention, people[0]):
            return None
        of = [token.lexeme for token in self._reading.tokens[mention.first + 1 : mention.last] if token.word]
        by_name = bool(of) and not any(word.definite or word.kind & ~Kind.GIVEN_NAME for word in of)
        if mention.type is not PERSON or by_name:
            return people[0] if by_name and not any(word.text.endswith(("ي", "يه")) for word in of) else None
        words = role_keys(self._reading, mention)
        rest, known = words - heads - nisbas(words), people[0].role_keys - people[0].role_heads
        again = bool(of) and (  # «مدرب الفريق الأحمر»
            (of[0].kind & Kind.ORGANISATION and of[0].definite) or of[0].text in ("الفريق", "البلاد")
        )
        country = bool(of) and all(same_country(word.base, people[0].role_keys) for word in of)
        if classify(mention.head).has(Kind.HYPERNYM) and not again:
            return None  # there are many «مسؤول»
        fits = (not rest or rest & known or again) and not other_nisba(words, people[0].role_keys)
        return people[0] if fits or country else None

    def _spokesman(self, mention: Mention, words: frozenset[str]) -> Member | None:
        """Return the one spokesman whom the article names, when nothing says that another is meant."""
        heads = frozenset(word for word in words if classify(word).has(Kind.SPEAKING))
        people = (member for member in self._members if member.is_named_person)
        same = [member for member in people if heads & member.role_keys]
        return same[0] if len(same) == 1 and not self._is_another(mention, same[0]) else None

    def _exact(self, mention: Mention) -> Member | None:
        """Return who holds a role of two words or more that no article makes definite: «خطيبة خاشقجي»."""
        words = role_keys(self._reading, mention)
        people = (member for member in self._members if member.is_named_person)
        return last_seen((m for m in people if len(words) > 1 and words <= m.role_keys), mention.first)

    def _is_another(self, mention: Mention, member: Member) -> bool:
        """Whether a role of the same head has another complement: two spokesmen of two bodies."""
        words = role_keys(self._reading, mention)
        heads = {key for key in words | member.role_keys if classify(key).has(Kind.SPEAKING)} or {
            singular(mention.head)
        }
        rest, known = (keys - heads - {"باسم"} - nisbas(keys) for keys in (words, member.role_keys))
        ranked = len(known) == 1 and all(classify(key).has(Kind.TITLE) for key in known)  # «السفير فلان، المتحدث …»
        return bool(heads & words and heads & member.role_keys and rest - known and known - rest) and not ranked

    def _called_back(self, mention: Mention, running: Member | None) -> Member | None:
        """Return who is called by what he is in general («المسؤول الحكومي», «الفنانة»), or newly by his role."""
        head = classify(mention.head)
        tokens = self._reading.tokens
        first = tokens[mention.first].lexeme
        second = tokens[mention.first + 1].lexeme if mention.first + 1 < len(tokens) else NO_WORD
        called = first.definite and head.kind & (Kind.HYPERNYM | Kind.SPEAKING)
        if running is not None and running.type in HUMAN and same_gender(mention, running):
            general = running.role is not None and classify(running.role.split()[0]).has(Kind.HYPERNYM)
            unknown = running.role is None or (general and called and mention.last - mention.first <= 2)
            specific = first.definite or (second.definite and not second.preposition)
            new = specific and unknown and running.type is PERSON and (running.named or mention.points_back)
            other = (
                not mention.points_back
                and running.role is not None
                and not role_keys(self._reading, mention) & running.role_keys
            )
            if (
                called
                and not other
                and not self._is_another(mention, running)
                and (running.type is PERSON or head.kind & Kind.SPEAKING)
            ) or new:
                return running
        if called and mention.points_back:
            last = last_before(self._members, mention.first, PERSON)
            return last if last is not None and same_gender(mention, last) else None
        return None


def same_gender(mention: Mention, member: Member) -> bool:
    """Whether somebody may be called so, as far as his gender and that of the phrase are known."""
    return not mention.plural and (not member.gender or not mention.gender or member.gender == mention.gender)
