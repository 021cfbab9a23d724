"""Who publishes what, and where: the outlets of the web, their articles, and a few copies of agencies' stories.

Each outlet is its own host (``outlet-7.localhost``), of one of ten makes, with a time zone and a feed of its own. The
first articles of an outlet are there to be learned from, the others to be measured with.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from benchmarks.newsweb.prose import Paragraph, Story, write_story

MAKES = (
    "wordpress", "blogger", "aspnet", "drupal", "utility", "amp", "microdata", "bare", "react", "joomla",
)  # fmt: skip
NAMES = ("الضفاف", "المرسى", "الرواق", "السدرة", "المدار", "الشراع", "الديوان", "البيادر", "القنطرة", "الأفق الجديد")
KINDS = ("صحيفة {}", "موقع {} الإخباري", "{} نيوز", "شبكة {}", "وكالة {}")
ZONES = ("Asia/Baghdad", "Africa/Cairo", "Africa/Tunis", "Asia/Dubai", "Asia/Beirut")
SECTIONS = ("محليات", "سياسة", "اقتصاد", "ثقافة", "رياضة", "صحة", "علوم", "مجتمع")
#: The share of articles that are an agency's story, told word for word by another outlet before.
COPIES = 0.03


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet. ``feed`` is the format of its feed: ``rss`` or ``atom``."""

    number: int
    title: str
    make: str
    zone: str
    feed: str
    port: int

    @property
    def host(self) -> str:
        """Its host name, without the port."""
        return f"outlet-{self.number}.localhost"

    @property
    def home(self) -> str:
        """The address of its front page."""
        return f"http://{self.host}:{self.port}/"


@dataclass(frozen=True, slots=True)
class Article:
    """An article of an outlet, dated in its outlet's zone."""

    outlet: Outlet
    number: int
    story: Story
    section: str
    published_at: datetime
    path: str = ""

    @property
    def url(self) -> str:
        """Its address."""
        return self.outlet.home.rstrip("/") + self.path


@dataclass(frozen=True, slots=True)
class Web:
    """All outlets with their articles, the oldest first; of each outlet the first ``learned`` are learned from."""

    articles: dict[Outlet, list[Article]] = field(repr=False)
    learned: int

    def phase(self, outlet: Outlet, phase: str) -> list[Article]:
        """Return what an outlet announces in a phase, the newest first.

        ``learn`` are the articles to learn from, ``measured`` the others; ``grown`` are those and the last one of the
        first, as a feed goes on from one poll to the next.
        """
        articles = self.articles[outlet]
        first, last = {
            "learn": (0, self.learned),
            "measured": (self.learned, len(articles)),
            "grown": (max(self.learned - 1, 0), len(articles)),
        }[phase]
        return articles[first:last][::-1]


PHASES = ("learn", "measured", "grown")


def write_web(*, articles: int, feeds: int, learned: int, seed: int, port: int, now: datetime) -> Web:
    """Invent a web: ``articles`` in all to be measured with, and ``learned`` more of each of ``feeds`` outlets.

    The same seed gives the same stories and pages; they are dated back from ``now``.
    """
    chance = random.Random(seed)
    outlets = [_outlet(number, port, chance) for number in range(feeds)]
    web = Web({outlet: [] for outlet in outlets}, learned)
    for turn in range(learned + -(-articles // feeds)):
        # The last turn may be short of outlets: there are as many articles as were asked for.
        left = articles - max(turn - learned, 0) * feeds
        for outlet in outlets[: left if turn >= learned else feeds]:
            story = write_story(chance)
            if turn and chance.random() < COPIES:
                story = _retold(chance.choice(web.articles[outlets[(outlet.number + 1) % feeds]]).story, story)
            age = timedelta(minutes=37 * (learned + articles // feeds - turn) + chance.randrange(30))
            when = (now - age).replace(second=0, microsecond=0).astimezone(ZoneInfo(outlet.zone))
            web.articles[outlet].append(Article(outlet, turn, story, chance.choice(SECTIONS), when))
    return web


def _outlet(number: int, port: int, chance: random.Random) -> Outlet:
    name = KINDS[number // len(NAMES) % len(KINDS)].format(NAMES[number % len(NAMES)])
    feed = "atom" if number % 3 == 2 else "rss"
    return Outlet(number, name, MAKES[number % len(MAKES)], chance.choice(ZONES), feed, port)


def _retold(story: Story, own: Story) -> Story:
    """Return an agency's story as another outlet prints it: its own title, and a paragraph of its own at the end."""
    last = next(paragraph for paragraph in reversed(own.paragraphs) if paragraph.kind == "p")
    return replace(own, paragraphs=(*story.paragraphs, Paragraph(last.text)))
