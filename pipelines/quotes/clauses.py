"""Where a reported clause ends: with its sentence, or where somebody says something new."""

from __future__ import annotations

from pipelines.quotes.complements import complement, cue_at
from pipelines.quotes.cues import Cue, CueForm
from pipelines.quotes.kinds import Kind
from pipelines.quotes.openings import Opening
from pipelines.quotes.sources import names_nobody, source_phrase_end
from pipelines.quotes.tokens import Reading, Shape, Token
from pipelines.quotes.words import NO_WORD

#: What turns to somebody else, when a verb of saying follows: «وكان فلان قد صرح بأن», «وأما فلان فقال إن».
_TURNS = frozenset(("وكان", "وكانت", "واما"))
#: Verbs of which nobody but who spoke before is the subject.
_ADDS = frozenset(("اضاف", "اضافت", "تابع", "تابعت", "اردف", "اردفت"))
#: So many tokens may stand between the two.
MAX_TURN = 20
#: Only these, and verbs of saying, can end a clause in mid-sentence.
_TERMINATORS = Kind.RELATIVE | Kind.CIRCUMSTANCE | Kind.IMPERSONAL | Kind.SOURCE | Kind.HOST_OPENER


def clause_end(reading: Reading, start: int, end: int) -> int:
    """Return the token before which the reported clause that begins at ``start`` ends, at most ``end``."""
    tokens = reading.tokens
    for j in range(start, end):
        token = tokens[j]
        if token.shape is Shape.STOP:
            return j
        word = token.lexeme
        may_end = word.cue is not None or word.kind & _TERMINATORS or word.text in _TURNS
        if may_end and j != start and not token.aside and _ends_clause(reading, j):
            return _without_comma(tokens, j, start)
    return _without_comma(tokens, end, start)


def _without_comma(tokens: tuple[Token, ...], end: int, start: int) -> int:
    while end > start and (tokens[end - 1].shape in (Shape.COMMA, Shape.OTHER) or _leads(tokens[end - 1])):
        end -= 1
    return end


def _leads(token: Token) -> bool:
    """Whether a word before a new report belongs to it: كما أكد، ومن المتوقع."""
    word = token.lexeme
    if word.complementizer is not None:
        return True  # «غير أنه أكد»
    return word.has(Kind.LEAD | Kind.NAME_PREPOSITION) or word.text in ("ومن", "غير", "الا", "بيد", "دون")


def _ends_clause(reading: Reading, at: int) -> bool:
    tokens = reading.tokens
    word, before = tokens[at].lexeme, tokens[at - 1]
    comma = before.shape is Shape.COMMA
    if comma and word.kind & Kind.CIRCUMSTANCE:
        return True
    if comma and word.text in ("وهو", "وهي") and at + 1 < len(tokens) and tokens[at + 1].lexeme.text == "ما":
        return True  # «…، وهو ما رفضه فلان»: the narrator goes on
    if before.lexeme.complementizer == "" and word.cue is not None and _is_without(reading, at - 2):
        return True  # «…، من دون أن يحدد موعداً»: what the speaker did not say
    if word.text in _TURNS:
        return comma and _turns(reading, at)
    if word.kind & Kind.RELATIVE:
        return comma and at + 1 < len(tokens) and tokens[at + 1].lexeme.text in _ADDS  # «…، الذي أضاف أن»
    if word.kind & Kind.IMPERSONAL and (word.conjunction or before.lexeme.text == "ومن"):
        return _impersonal_follows(reading, at)
    sources = word.kind & Kind.SOURCE
    if sources and names_nobody(reading, at):
        return True
    if (
        sources
        and source_phrase_end(reading, at)
        and (comma or before.shape is Shape.MARKED or before.shape is Shape.CLOSE)
    ):
        return True
    if _is_circumstance_of_stance(reading, at):
        return True
    cue = cue_at(reading, at)
    if cue is None or cue.form is CueForm.NOUN:
        return False
    if cue.form is CueForm.PARTICIPLE:
        following = tokens[at + 1].lexeme if at + 1 < len(tokens) else NO_WORD
        takes_object = following.definite or following.preposition or following.has(Kind.PLACE | Kind.NAME_PREPOSITION)
        circumstance = comma and not cue.homograph and (word.text.endswith("ا") or bool(takes_object))
        return circumstance or _reports_near(reading, at, cue)
    if before.lexeme.kind & Kind.SUBORDINATOR and _somebody_begins(reading, at + 1):
        return True  # «…، في حين أعربت الأمم المتحدة عن قلقها»
    if before.lexeme.text == "كما" and tokens[at - 2].shape is Shape.COMMA and cue.verb in ("اعرب", "عبر"):
        return True  # «…، كما أعرب عن أمله»
    if comma and cue.finite and at + 1 < len(tokens) and tokens[at + 1].lexeme.text in reading.names:
        return True  # «سلفه الذي اعتبر أن …، رفض فلان التعليق»
    was = before.lexeme.text in ("كان", "كانت") and tokens[at - 2].shape is not Shape.COMMA
    led = (
        bool(word.conjunction)
        or before.lexeme.has(Kind.SUBORDINATOR)
        or (before.lexeme.has(Kind.LEAD) and not was)  # «أكد أن الدول كانت تأمل أن» goes on
        or _is_adversative(reading, at - 1)
    )
    return led and _reports_near(reading, at, cue)


def _is_circumstance_of_stance(reading: Reading, at: int) -> bool:
    """Whether a participle in the accusative takes its own preposition, comma or not: «… مؤكداً على الدعم»."""
    cue = reading.tokens[at].lexeme.cue
    if cue is None or cue.form is not CueForm.PARTICIPLE or cue.homograph or at + 1 >= len(reading.tokens):
        return False
    return reading.tokens[at].lexeme.text.endswith("ا") and reading.tokens[at + 1].lexeme.base in ("علي", "الي", "عن")


def _turns(reading: Reading, at: int) -> bool:
    """Whether somebody follows the word at ``at``, and then says something."""
    end = min(reading.sentence_of(at).end, at + MAX_TURN)
    if not _somebody_begins(reading, at + 1) and reading.tokens[min(at + 1, end - 1)].lexeme.text not in reading.names:
        return False
    for verb in range(at + 2, end):
        cue = cue_at(reading, verb) if reading.tokens[verb].lexeme.cue is not None else None
        if cue is not None and cue.finite:
            return _reports_near(reading, verb, cue)
    return False


def _is_without(reading: Reading, at: int) -> bool:
    """Whether «دون» or «من دون» after a comma ends at token ``at``."""
    tokens = reading.tokens
    if tokens[at].lexeme.base != "دون":
        return False
    return tokens[at - 1].shape is Shape.COMMA or (
        tokens[at - 1].lexeme.base == "من" and tokens[at - 2].shape is Shape.COMMA
    )


def _somebody_begins(reading: Reading, at: int) -> bool:
    """Whether a person or body, and not what is said, begins at token ``at``."""
    word = reading.tokens[at].lexeme if at < len(reading.tokens) else NO_WORD
    return not word.preposition and word.has(Kind.TITLE | Kind.HONORIFIC | Kind.ORGANISATION | Kind.MEDIA | Kind.PLACE)


def _is_adversative(reading: Reading, at: int) -> bool:
    """Whether «غير أنه», «إلا أنها» ends at token ``at``."""
    return reading.tokens[at].lexeme.complementizer is not None and reading.tokens[at - 1].lexeme.has(
        Kind.NO_COMPLEMENT
    )


def _reports_near(reading: Reading, at: int, cue: Cue) -> bool:
    found = complement(reading, at, cue)
    return found is not None and (found.opening is not Opening.MARK or found.at - at < 12)


def _impersonal_follows(reading: Reading, at: int) -> bool:
    return any(t.lexeme.complementizer is not None for t in reading.tokens[at + 1 : at + 4])
