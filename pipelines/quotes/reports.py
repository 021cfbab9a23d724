"""Reports: a verb of saying with what it reports, before anybody asks who its speaker is in the whole article."""

from __future__ import annotations

from pipelines.model import QuoteKind, Span
from pipelines.quotes.clauses import clause_end
from pipelines.quotes.complements import complement, cue_at
from pipelines.quotes.cues import Cue, CueForm
from pipelines.quotes.found import Found, Report
from pipelines.quotes.genders import name_gender
from pipelines.quotes.kinds import Kind
from pipelines.quotes.mentions import parse_mention
from pipelines.quotes.openings import Complement, Opening
from pipelines.quotes.phrases import Mention
from pipelines.quotes.speaker_types import PERSON
from pipelines.quotes.speech import MIN_FRAGMENT, MIN_SPEECH, is_named
from pipelines.quotes.subjects import antecedent, document_after, relay_origin, subject_after, subject_before
from pipelines.quotes.tokens import Reading, Shape

#: A reported clause with so many words outside marks is a report of its own beside the words in marks.
MIN_UNMARKED = 4
#: A reported clause of fewer words is an accident of punctuation.
MIN_CLAUSE = 2


def find_cued(reading: Reading) -> Found:
    """Find every report that a verb or noun of saying introduces, in order."""
    found = Found()
    after = 0
    for at in [at for at in reading.notable if reading.tokens[at].lexeme.cue is not None]:
        cue = cue_at(reading, at) if at >= after else None
        if cue is not None:
            after = _report(reading, at, cue, found)
    return found


def _report(reading: Reading, at: int, cue: Cue, found: Found) -> int:
    """Take the report of the cue at ``at``, if any; return the token after what it reports."""
    what = complement(reading, at, cue)
    if what is None:
        _without_report(reading, at, cue, found)
        return at
    subject, rule = _subject(reading, at, cue, what)
    if subject:
        found.has_subject(at, subject)
        _use_marks(reading, subject, found)
    cue_span = Span(reading.tokens[at].start, reading.tokens[at].end)
    base = Report(QuoteKind.INDIRECT, cue_span, at, cue, cue_span, subject, rule)
    if what.opening is Opening.MARK:
        found.used.add(what.at)
        found.add(direct_report(reading, what.at, base))
        return what.at + 1
    return _clause(reading, what, base, found)


def _without_report(reading: Reading, at: int, cue: Cue, found: Found) -> None:
    """Take the subject of a verb that reports nothing, which may speak in what follows."""
    if at > 0 and reading.tokens[at - 1].lexeme.kind & Kind.RELATIVE:
        return  # «الهدنة التي دعت إليها المملكة»: the verb of a relative clause does not give its subject the floor
    if not reading.holds_marks(reading.sentence_of(at)):
        found.may_have_subject(at, lambda: _subject(reading, at, cue, None)[0])
        return
    subject, _ = _subject(reading, at, cue, None)
    if subject and not _is_marked_once(reading, subject):
        found.has_subject(at, subject)
        _use_marks(reading, subject, found)


def _use_marks(reading: Reading, subject: Mention, found: Found) -> None:
    """Take the marks of a subject as its name."""
    found.used.update(j for j in range(subject.first, subject.last) if reading.tokens[j].shape is Shape.MARKED)


def _subject(reading: Reading, at: int, cue: Cue, what: Complement | None) -> tuple[Mention | None, str]:
    """Return who the cue's subject is by grammar alone, and the rule that says so."""
    sentence_end = reading.sentence_of(at).end
    limit = what.subject_limit if what else min(sentence_end, at + MIN_SPEECH * 6)
    relays = cue.verb == "نقل" or _has_word(reading, "نقلا", at + 1, limit)
    if relays and (origin := relay_origin(reading, at + 1, limit)):
        return origin, "relay"
    if voice := _voice(reading, at + 1, limit):
        return voice, "spokesman"
    if cue.verb in ("جاء", "ورد"):
        return document_after(reading, at + 1, limit), "document"
    if cue.form is CueForm.PARTICIPLE:
        return None, "participle"
    if cue.form is CueForm.NOUN:
        if cue.gender or reading.tokens[at].lexeme.preposition:
            return antecedent(reading, at) or subject_before(reading, at, cue), "noun"
        return subject_after(reading, at + 1, limit), "noun"
    if cue.transitive and at > 0 and reading.tokens[at - 1].lexeme.kind & Kind.RELATIVE:
        of_whom = antecedent(reading, at)
        if of_whom is not None:
            return of_whom, "subject-verb"  # «النائبة فلانة التي خاطبت المحافظ: «…»»
    if (begun := _begun_with(reading, at, cue) or _before(reading, at)) is not None:
        return begun, "subject-verb"
    after = subject_after(reading, at + 1, limit, bounded=what is not None and not cue.transitive)
    if after and _disagrees(reading, after, at, cue):
        after = None
    # Without a clause to bound it, what follows a verb of stance may be its object: «انتقد النظام».
    if after and (what is not None or _is_sure(reading, at, after, cue)):
        return after, "verb-subject"
    topic = reading.tokens[reading.sentence_of(at).start].lexeme.base == "اما"
    conjunction = reading.tokens[at].lexeme.conjunction
    if (not conjunction or (topic and conjunction == "ف")) and (before := subject_before(reading, at, cue)):
        return before, "subject-verb"
    return None, "implied"


def _begun_with(reading: Reading, at: int, cue: Cue) -> Mention | None:
    """Return the subject of «وكان فلان قد أبلغ الوزارة بأن»: after it the verb has its object."""
    opening = reading.tokens[reading.sentence_of(at).start].lexeme
    if opening.base not in ("كان", "كانت") or reading.tokens[at - 1].lexeme.text != "قد":
        return None
    return subject_before(reading, at, cue)


def _before(reading: Reading, at: int) -> Mention | None:
    """Return the subject of «وسبق لفلان أن قال إن»."""
    tokens, start = reading.tokens, reading.sentence_of(at).start
    if at < start + 3 or tokens[start].lexeme.base != "سبق" or tokens[at - 1].lexeme.complementizer != "":
        return None
    if tokens[start + 1].lexeme.preposition != "ل":
        return None
    mention = parse_mention(reading, start + 1, at - 1)
    return mention if mention is not None and mention.last == at - 1 else None


def _disagrees(reading: Reading, mention: Mention, at: int, cue: Cue) -> bool:
    """Whether a man stands some way after a woman's verb: «وأشارت بعد لقائها الوزير فلان إلى أن»."""
    if mention.type is not PERSON or cue.gender != "f" or mention.plural or mention.first <= at + 1:
        return False
    name = mention.name
    words = tuple(t.lexeme.text for t in reading.tokens[name.start : name.end] if t.word) if name is not None else ()
    return (name_gender(words) or (mention.gender if mention.role is not None else "")) == "m"


def _has_word(reading: Reading, text: str, first: int, limit: int) -> bool:
    """Whether a word stands among tokens ``[first, limit)``; most articles do not have it at all."""
    return reading.counts[text] > 0 and any(token.lexeme.text == text for token in reading.tokens[first:limit])


def _is_marked_once(reading: Reading, mention: Mention) -> bool:
    """Whether nothing but words in marks, which the article has only once, is there for a subject."""
    if mention.marked_name is None or mention.first != mention.last - 1:
        return False
    return reading.text.count(mention.marked_name.of(reading.text)) < 2


def _voice(reading: Reading, first: int, limit: int) -> Mention | None:
    """Return who speaks for the subject in «أعلنت الكتلة، على لسان فلان، أن»."""
    for at in range(first + 1, limit) if reading.counts["لسان"] else ():
        if reading.tokens[at].lexeme.text == "لسان" and reading.tokens[at - 1].lexeme.base == "علي":
            return parse_mention(reading, at + 1, limit, bounded=False)
    return None


def _is_sure(reading: Reading, at: int, mention: Mention, cue: Cue) -> bool:
    """Whether a phrase after a verb that reports nothing here is its subject, and not its object or anything else."""
    word = reading.tokens[mention.first].lexeme
    if mention.type is not PERSON:
        # A feminine verb with a feminine noun, or the first words of a sentence, are verb and subject.
        opens = at == reading.sentence_of(at).start or (cue.gender == "f" and mention.gender == "f")
        return (opens or not cue.transitive) and not word.preposition
    if mention.role is not None or word.kind & Kind.GIVEN_NAME or _says_besides(reading, at, mention, cue):
        return True
    return word.text in reading.names


def _says_besides(reading: Reading, at: int, mention: Mention, cue: Cue) -> bool:
    """Whether a name stands between a verb without an object and «saying»: «وعلق حداج العتيبي قائلا: …»."""
    after = reading.tokens[mention.last].lexeme.cue if mention.last < len(reading.tokens) else None
    named = mention.name is not None and mention.name.end > mention.name.start + 1 and mention.first == at + 1
    return named and not cue.transitive and after is not None and after.form is CueForm.PARTICIPLE


def _clause(reading: Reading, what: Complement, base: Report, found: Found) -> int:
    tokens = reading.tokens
    limit = _speech_end(reading, what) if what.opening is Opening.COLON else reading.sentence_of(base.at).end
    end = clause_end(reading, what.at, limit)
    if end <= what.at:
        return what.at
    marked = [j for j in range(what.at, end) if tokens[j].shape is Shape.MARKED]
    said = [j for j in marked if _is_fragment(reading, j, what.at, end)]
    for j in said:
        found.used.add(j)
        found.add(direct_report(reading, j, base))
    found.used.update(marked)
    unmarked = [j for j in range(what.at, end) if tokens[j].shape is Shape.WORD]
    words = len(unmarked) + sum(tokens[j].words for j in marked)
    if words >= MIN_CLAUSE and (not said or len(unmarked) >= MIN_UNMARKED):
        span = Span(tokens[what.at].start, tokens[end - 1].end)
        found.add(base.of(QuoteKind.INDIRECT, span))
    return end


def _speech_end(reading: Reading, what: Complement) -> int:
    """Unmarked speech after a colon runs on to the end of its paragraph, or to the next report."""
    tokens = reading.tokens
    end = reading.sentence_of(what.at).end
    while end < len(tokens) and tokens[end].paragraph == tokens[what.at].paragraph:
        word = tokens[end].lexeme
        if word.conjunction and word.cue is not None:
            break
        end = reading.sentence_of(end).end
    return end


def _is_fragment(reading: Reading, at: int, start: int, end: int) -> bool:
    """Whether the marked span at ``at`` in a reported clause is quoted, rather than a name or a term."""
    token = reading.tokens[at]
    if at == start:
        if token.words >= MIN_SPEECH:
            return True
        # «إن "المرصد المحلي" أعلن»: a short span that the clause goes on from is its subject.
        alone = at + 1 >= end or reading.tokens[at + 1].shape is not Shape.WORD
        return token.words >= 3 and alone
    return token.words >= MIN_FRAGMENT and not is_named(reading, at)


def direct_report(reading: Reading, at: int, base: Report) -> Report:
    """Return ``base`` as the report of the words in marks at token ``at``."""
    token = reading.tokens[at]
    inner = token.marked.inner if token.marked else Span(token.start, token.end)
    return base.of(QuoteKind.DIRECT, inner)
