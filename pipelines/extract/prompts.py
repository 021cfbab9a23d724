"""What is not the article although it stands in it: calls, labels, credits, notices, links to other stories.

Recognised by what it says and where it stands, never by its markup alone. What stands between quotation marks is
somebody's speech and never a prompt.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.arabic import words
from pipelines.extract.calls import read_signs
from pipelines.extract.credits import copyright_line, credit, notice
from pipelines.extract.hints import CALL, OTHER, hints
from pipelines.extract.labels import label, read_also
from pipelines.extract.text import phrase, sentences_of
from pipelines.extract.wording import MAX_LABEL, Setting, read

#: Words of the longest prompt; a longer sentence tells something.
MAX_WORDS = 45
#: Weight of the signs (:meth:`pipelines.extract.calls.Signs.weight`) that makes a call: of a text that stands alone,
#: and of the last sentence of a paragraph or an item of a list, where the article itself is likelier to speak.
ALONE, WITHIN = 5, 6
#: Words between marks that are somebody's speech.
SPEECH = 4
#: Words of a sentence that tells something.
TELLS = 5
#: What may be cut off a paragraph. Labels and headings stand alone or are words of a sentence.
CUT = frozenset({"call", "read-also", "copyright", "credit", "notice"})

_QUOTED = re.compile('«[^«»]*»|“[^“”]*”|"[^"]*"|‹[^‹›]*›')
_MARKED = re.compile('[«»“”"‹›]')
#: What a page's software failed to fill in: {loadposition ad-1}, [gallery ids="1,2"].
_TEMPLATE = re.compile(r"^\s*(?:\{+[^{}\u0600-\u06ff]{1,80}\}+|\[/?[A-Za-z][^\[\]\u0600-\u06ff]{0,120}\])\s*$")
#: Who wrote and edited a wire story: «(ر.ن)»; where it ends: «انتهى / م.ح5319##».
_INITIALS = re.compile(r"^\s*\((?:\w\s*[./،]\s*){1,4}\w?\)[\s.]*$")
_END = re.compile(r"^\s*[إا]نتهى\b[^\w]{0,4}(?:\w{1,3}[./]?\s?){0,4}\d*\W*$")


def prompt_reason(text: str, setting: Setting) -> str | None:
    """Return the reason why ``text`` is a prompt and not news; ``None`` when it is news."""
    if _TEMPLATE.match(text):
        return "template"
    if _INITIALS.match(text) or (_END.match(text) and setting.alone):
        return "credit"
    told = _QUOTED.sub(" ", text)
    said = words(told)
    if len(said) > MAX_WORDS:
        return None
    hinted = hints(text, said, setting.names)
    calls = hinted & CALL == CALL
    if len(said) > MAX_LABEL and not calls and not hinted & OTHER:
        return None
    if setting.alone and not _all_one(text, setting):
        return None
    reading = read(told)
    if not reading.words:
        # Only marks, or only speech: a lone rule or star is nothing, a quotation is news.
        return None if any(character.isalnum() for character in text) else "no-words"
    return (
        label(reading, setting)
        or copyright_line(reading, setting)
        or notice(reading, setting)
        or credit(reading, setting)
        or read_also(reading, setting)
        or (_called(text, setting) if calls else None)
    )


def cut_prompts(text: str, setting: Setting) -> tuple[str, list[tuple[str, str]]]:
    """Cut prompts off the end of a paragraph: ``(what stays, [(what was cut, reason)])``.

    Only whole sentences, and only from the end; the first sentence stays.
    """
    spans = sentences_of(text)
    cut: list[tuple[str, str]] = []
    end = len(text)
    for span in reversed(spans[1:]):
        sentence = text[span.start : end].strip()
        if _MARKED.search(sentence) and not _balanced(sentence):
            break
        reason = prompt_reason(sentence, replace(setting, alone=False, item=False))
        if reason not in CUT:
            break
        cut.insert(0, (sentence, reason))
        end = span.start
    return text[:end].rstrip(), cut


def _all_one(text: str, setting: Setting) -> bool:
    """Tell whether several sentences are one prompt: none is, where the first of them tells something and asks nothing.

    A paragraph of news that ends with a prompt is news; the prompt is cut off it.
    """
    spans = sentences_of(text)
    if len(spans) < 2:
        return True
    first = text[spans[0].start : spans[0].end]
    if len(first.split()) < TELLS or not first.rstrip("»”\"'’) ").endswith((".", ":")):
        return True
    return read_signs(_QUOTED.sub(" ", first), setting.names).addresses or prompt_reason(first, setting) is not None


def _called(text: str, setting: Setting) -> str | None:
    """Weigh the signs of a call, of which where the text stands is one."""
    names = setting.names
    told = _QUOTED.sub(" ", text)
    if phrase(text.partition(":")[0]) in names:
        return None  # «الضفة: كيف بدأت؟»: the outlet asks in an interview
    if any(len(quoted.split()) >= SPEECH for quoted in _QUOTED.findall(text)):
        return None
    signs = read_signs(told, names)
    if not signs.outlet and names:
        # The outlet's own name may stand between marks: «المدار».
        whole = f" {phrase(text)} "
        signs = read_signs(f"{told} {names[0]}", names) if any(f" {n} " in whole for n in names) else signs
    if signs.promotion and not setting.alone and signs.call < 2 and not signs.invitation and not signs.delivery:
        return None
    weight = signs.weight()
    if weight:
        weight += (setting.linked > 0.5) + setting.last
        # Advice («راجع الصفحة الرسمية للمتجر بنفسك.») is a sentence; a newsroom that calls speaks of itself.
        weight -= 2 * (text.rstrip().endswith(".") and not (signs.itself or signs.delivery))
    return "call" if weight >= (ALONE if setting.alone and not setting.item else WITHIN) else None


def _balanced(text: str) -> bool:
    return text.count("«") == text.count("»") and text.count("“") == text.count("”") and text.count('"') % 2 == 0
