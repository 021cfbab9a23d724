"""What a verb of saying reports: from the verb over its subject to أن, a colon or a mark."""

from __future__ import annotations

from dataclasses import replace

from pipelines.quotes.cues import Cue, CueForm
from pipelines.quotes.kinds import Kind
from pipelines.quotes.openings import Complement, Opening, after_colon, after_complementizer
from pipelines.quotes.phrases import is_manner
from pipelines.quotes.plain_speech import begins_perhaps, begins_surely, speech_openers
from pipelines.quotes.speech import is_said
from pipelines.quotes.tokens import WHAT, Reading, Shape, Token
from pipelines.quotes.words import NO_WORD, Word

#: Between a verb and its أن may stand the subject, its role, the day and the place: so many tokens at most.
MAX_GAP = 80
#: Among so many words that could be cues themselves, none belongs to the verb before them.
MAX_PASSED = 4
#: The source of a relay stands so close behind its verb, in tokens.
MAX_RELAY = 14
#: «مؤكدا في ذات السياق أن»: so many tokens at most between a participle and أن when no comma marks it off.
MAX_PHRASE = 7

#: «It came in a document that …».
_COMES = ("جاء", "ورد")


def cue_at(reading: Reading, at: int) -> Cue | None:
    """Return the cue that token ``at`` is, unless its place says that it is another word or reports nothing."""
    token = reading.tokens[at]
    word = token.word
    if word is None or word.cue is None or token.aside:
        return None
    cue = word.cue
    if cue.form is CueForm.NOUN:
        return cue
    if cue.verb in _COMES and _in_document(reading, at):
        return replace(cue, act=False, homograph=False)
    if word.text == "علما":
        return None  # «علماً بأن»: nobody's knowledge
    if word.definite or (word.preposition and not (word.preposition == "ل" and cue.form is CueForm.IMPERFECT)):
        return None
    if word.kind & Kind.FUNCTION and not _clause_right_after(reading, at) and not _opens_report(reading, at, cue):
        return None
    apart = cue.homograph and not _said_right_after(reading, at) and not _opens_report(reading, at, cue)
    if apart and not (cue.verb == "نقل" and _relays(reading, at)):
        return None
    if cue.form is CueForm.PARTICIPLE and not _is_circumstance(reading, at):
        return None
    if cue.form is CueForm.PARTICIPLE and word.text.endswith("ات") and at == reading.sentence_of(at).start:
        return None  # «متابعات:»
    before = reading.tokens[at - 1].lexeme if at else NO_WORD
    if before.kind & Kind.HONORIFIC and before.definite | before.text.startswith("ال") and not word.conjunction:
        return None  # «السيد لوح»
    named = word.kind & Kind.TITLE or (cue.finite and not word.conjunction and not before.kind & Kind.CLAUSE_OPENER)
    if named and before.cue is not None and before.cue.finite:
        return None  # «قال طالب إن», «أكدت تومي أن»
    if cue.finite and before.kind & Kind.NAME_PREPOSITION and not before.kind & Kind.GIVEN_NAME and before.text != "من":
        return None  # «عن تعلق عائلة زوجها»: what a preposition governs is a noun
    if word.conjunction and cue.transitive and _is_broadcast(reading, at):
        return None  # «وأضاف فلان، في مؤتمر نقلته قناة …، أن»
    if before.kind & Kind.NEGATION and not _is_what(before, word):
        return None
    if before.kind & Kind.IMPERSONAL and before.text.startswith("ال"):
        return None  # «الجدير ذكره أن»
    if word.kind & Kind.IMPERSONAL and cue.form is CueForm.IMPERFECT and _said_right_after(reading, at):
        return None  # يذكر أن: nobody speaks
    return cue


def _in_document(reading: Reading, at: int) -> bool:
    """Whether a document follows in which something came: «وجاء في بيان الوزارة أن»."""
    tokens = reading.tokens
    if at + 2 >= len(tokens) or tokens[at + 1].lexeme.text != "في":
        return False
    return tokens[at + 2].lexeme.has(Kind.DOCUMENT)


def _is_broadcast(reading: Reading, at: int) -> bool:
    """Whether the verb at ``at`` has a pronoun for what a medium, its subject, brought: «ونقلته شبكة …»."""
    following = reading.tokens[at + 1].lexeme if at + 1 < len(reading.tokens) else NO_WORD
    return reading.tokens[at].lexeme.text.endswith(("ه", "ها", "هم")) and following.has(Kind.MEDIA)


def _is_what(before: Word, word: Word) -> bool:
    """Whether «ما» before a verb with its object is «what» and no negation: «ما اعتبره فلان «…»»."""
    return before.text in WHAT and word.text.endswith(("ه", "ها", "هم")) and bool(word.cue and word.cue.transitive)


def _opens_report(reading: Reading, at: int, cue: Cue) -> bool:
    """Whether a doubtful form opens its sentence and reports a clause: «وبين الوزير أن»."""
    start = reading.sentence_of(at).start
    start += reading.tokens[start].lexeme.text == "و"  # «و بين النائب أن»
    if at != start or not cue.finite or not reading.tokens[at].lexeme.conjunction:
        return False
    found = complement(reading, at, cue)
    return found is not None and found.opening is Opening.CLAUSE and found.at - at < MAX_RELAY


def _clause_right_after(reading: Reading, at: int) -> bool:
    following = reading.tokens[at + 1].lexeme if at + 1 < len(reading.tokens) else NO_WORD
    return following.complementizer is not None and not following.conjunction


def _relays(reading: Reading, at: int) -> bool:
    """Whether «عن» follows نقل closely: «نقل موقع … عن …»."""
    return any(token.lexeme.text == "عن" for token in reading.tokens[at + 1 : at + MAX_RELAY])


def _is_circumstance(reading: Reading, at: int) -> bool:
    """Whether a participle says what somebody does besides («، مضيفا أن»), and is no adjective («مصادر مطلعة»)."""
    token, before = reading.tokens[at], reading.tokens[at - 1] if at else None
    if before is None or before.sentence != token.sentence:
        return True
    if before.word is None:
        return before.shape is not Shape.OTHER  # a dateline: «الرياض - متابعة:»
    if before.word.cue is not None:
        return True
    if before.word.kind & Kind.PREPOSITION and not before.word.kind & Kind.GIVEN_NAME:
        return False  # «عن أمله في أن»
    if token.lexeme.text.endswith("ه") and is_manner(before.word):
        return False  # «بلهجة حاسمة:»
    near = _said_right_after(reading, at) or (
        token.lexeme.text.endswith("ا")
        and any(_is_complementizer(t) for t in reading.tokens[at + 2 : at + MAX_PHRASE])
        and reading.tokens[at + 1].lexeme.has(Kind.NAME_PREPOSITION)
    )
    return near and not before.word.has(Kind.UNNAMED)


def _is_complementizer(token: Token) -> bool:
    return token.lexeme.complementizer is not None and not token.lexeme.conjunction


def complement(reading: Reading, at: int, cue: Cue) -> Complement | None:
    """Find what the cue at token ``at`` reports, in its sentence; ``None`` when it reports nothing there."""
    end = min(reading.sentence_of(at).end, at + MAX_GAP)
    passed = 0
    doubtful: Complement | None = None
    openers = speech_openers()
    for j in range(at + 1, end):
        token = reading.tokens[j]
        word = token.lexeme
        if token.aside or (word.plain and word.text not in openers):
            continue
        if token.shape is Shape.STOP or passed > MAX_PASSED:
            return doubtful
        if token.word is None or word.complementizer is not None:
            found = _opened_at(reading, j, at, end, cue)
            if found is not None:
                return found
        elif word.text in openers and begins_surely(reading, at, j, cue):
            return Complement(Opening.CLAUSE, j, j)
        elif word.text in openers and doubtful is None and begins_perhaps(reading, at, j, cue):
            doubtful = Complement(Opening.CLAUSE, j, j)
        elif _gives_up(reading, j, at, end, cue):
            return doubtful
        passed += word.cue is not None
    return doubtful


def _opened_at(reading: Reading, j: int, at: int, end: int, cue: Cue) -> Complement | None:
    """Return the complement that token ``j`` opens, if it does."""
    token = reading.tokens[j]
    if token.shape is Shape.MARKED:
        return Complement(Opening.MARK, j, j) if is_said(reading, j, end, at, cue.transitive) else None
    if token.shape is Shape.COLON:
        return after_colon(reading, j, end, cue)
    if token.lexeme.complementizer is not None:
        return after_complementizer(reading, j, end, cue)
    return None


def _gives_up(reading: Reading, j: int, at: int, end: int, cue: Cue) -> bool:
    """Whether the word at ``j`` shows that the cue at ``at`` reports no clause, or that another cue does."""
    word = reading.tokens[j].lexeme
    if word.text == "الي" and _reports_a_noun(reading, j, end, cue):
        return True
    if j == at + 1:
        return False
    return (word.cue is not None and _hands_over(reading, j, cue)) or (word.base == "من" and _is_impersonal(reading, j))


def _reports_a_noun(reading: Reading, at: int, end: int, cue: Cue) -> bool:
    """Whether إلى at ``at`` is the verb's own and takes a noun («إلى كونه», «إلى إمكانية»): so it reports no clause."""
    if "الي" not in cue.prepositions or at + 1 >= end:
        return False
    following = reading.tokens[at + 1]
    word = following.word
    if word is None or word.complementizer is not None:
        return False
    return not word.kind & (Kind.MEDIA | Kind.OCCASION | Kind.GIVEN_NAME | Kind.UNNAMED) and not _own_clause(
        reading, at, end
    )


def _own_clause(reading: Reading, at: int, end: int) -> bool:
    """Whether another «إلى أن» follows, so that this إلى names who was spoken to."""
    tokens = reading.tokens
    return any(
        tokens[j].lexeme.text == "الي" and (tokens[j + 1].lexeme.complementizer is not None or tokens[j + 1].marked)
        for j in range(at + 1, min(end, at + 16) - 1)
    )


def _is_impersonal(reading: Reading, at: int) -> bool:
    """Whether «من المحتمل», «من المتوقع» begins with the من at ``at``: an أن after it belongs to it."""
    return at + 1 < len(reading.tokens) and reading.tokens[at + 1].lexeme.has(Kind.IMPERSONAL)


def _hands_over(reading: Reading, at: int, cue: Cue) -> bool:
    """Whether another cue at ``at`` takes over what follows (قال … مضيفاً أن)."""
    other = cue_at(reading, at)
    if other is None or other.form is CueForm.NOUN:
        return False
    word, before = reading.tokens[at].lexeme, reading.tokens[at - 1].lexeme
    follows = word.conjunction or before.kind & (Kind.LEAD | Kind.CLAUSE_OPENER) or not before.text
    if _asks_not_to(reading, at):
        return False
    if cue.finite and other.finite and not follows and (other.act or not _said_right_after(reading, at)):
        return False  # inside the subject, it is a name or an adjective
    if _is_what(before, word):
        return True
    if before.kind & Kind.RELATIVE:
        return reading.tokens[at - 2].shape is Shape.COMMA and _said_right_after(reading, at)
    if before.text in ("ما", "مما", "كما"):
        return False
    if word.kind & (Kind.TITLE | Kind.GIVEN_NAME | Kind.ORGANISATION | Kind.NAME_HEAD | Kind.DOCUMENT):
        return bool(word.conjunction) or _said_right_after(reading, at)
    return not (cue.form is CueForm.PARTICIPLE and other.form is CueForm.PARTICIPLE) or bool(word.conjunction)


def _asks_not_to(reading: Reading, at: int) -> bool:
    """Whether the verb at ``at`` is only how a source wants to be called: «قال مصدر، طلب عدم ذكر اسمه، إن»."""
    return at + 1 < len(reading.tokens) and reading.tokens[at + 1].lexeme.text == "عدم"


def _said_right_after(reading: Reading, at: int) -> bool:
    """Whether أن, a colon or a mark stands right after token ``at``, perhaps behind one preposition."""
    tokens = reading.tokens
    at += 1
    if at < len(tokens) and tokens[at].lexeme.kind & Kind.NAME_PREPOSITION:
        at += 1
    if at >= len(tokens):
        return False
    word = tokens[at].word
    if word is not None:
        return word.complementizer is not None and not word.conjunction
    return tokens[at].shape in (Shape.COLON, Shape.MARKED)
