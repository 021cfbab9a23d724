"""Serve the invented web in the foreground: ``python -m crawler.demo [PORT]``."""

from __future__ import annotations

import sys
import threading

from crawler.demo import DemoServer


def main() -> None:
    """Serve until Ctrl-C."""
    with DemoServer(int(sys.argv[1]) if len(sys.argv) > 1 else None) as web:
        for outlet in web.outlets:
            print(f"{outlet.title}: {outlet.base_url} (feed: {outlet.feed_url})")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
