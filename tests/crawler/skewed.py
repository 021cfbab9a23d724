"""`rawi` on a machine whose clock is wrong: python -m tests.crawler.skewed SECONDS COMMAND ..."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from typing import Any

SKEW = float(sys.argv.pop(1)) if __name__ == "__main__" else 0.0
RIGHT, RIGHT_TIME = datetime, time.time


class Meta(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, RIGHT)


class Wrong(RIGHT, metaclass=Meta):
    def __new__(cls, *arguments: Any, **named: Any) -> Any:
        return RIGHT(*arguments, **named)

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return RIGHT.fromtimestamp(RIGHT_TIME() + SKEW, tz)


if __name__ == "__main__":
    import crawler.worker  # noqa: F401 -- and with it everything that crawls
    from crawler.cli.app import main

    time.time = lambda: RIGHT_TIME() + SKEW
    for name, found in sys.modules.copy().items():
        if name.startswith(("crawler", "procrastinate")) and getattr(found, "datetime", None) is RIGHT:
            found.datetime = Wrong  # type: ignore[attr-defined]
    main()
