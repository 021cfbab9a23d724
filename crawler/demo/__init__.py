"""A small invented Arabic news web: what `rawi demo` crawls, and what tests crawl too.

Two outlets of different make. Their articles are data (``rafid.toml``, ``marsa.toml``) and carry what a careful reader
finds in them, so that what Rawi finds can be held against it. Nothing here names a real outlet, person or event.
"""

from crawler.demo.outlets import Article, GoldQuote, Outlet, load_outlets
from crawler.demo.server import DemoServer

__all__ = ["Article", "DemoServer", "GoldQuote", "Outlet", "load_outlets"]
