"""`rawi` on a machine whose clock is wrong: python -m tests.crawler.skewed SECONDS COMMAND ..."""

from __future__ import annotations

import datetime as module
import sys
import time
from typing import Any

SKEW = float(sys.argv.pop(1))
RIGHT, RIGHT_TIME = module.datetime, time.time


class Meta(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, RIGHT)


class Wrong(RIGHT, metaclass=Meta):
    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return RIGHT.fromtimestamp(RIGHT_TIME() + SKEW, tz)

    @classmethod
    def utcnow(cls) -> Any:
        return RIGHT.fromtimestamp(RIGHT_TIME() + SKEW, module.UTC).replace(tzinfo=None)


if __name__ == "__main__":
    module.datetime = Wrong  # type: ignore[misc]
    time.time = lambda: RIGHT_TIME() + SKEW
    from crawler.cli.app import main

    main()
