"""Scrapy's settings, each with its unit and the reason why it is not the default.

`scrapy` finds them through scrapy.cfg; a crawl adds what depends on the environment and on the sources.
"""

from __future__ import annotations

BOT_NAME = "rawi"
SPIDER_MODULES = ["crawler.spiders"]

# Safety. The remote control executes Python sent to a local port, and is on by default; so is telnet.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {
    "http": "crawler.middlewares.pace.LivingHandler", "https": "crawler.middlewares.pace.LivingHandler",
    "file": None, "ftp": None, "data": None, "s3": None,
}  # fmt: skip
# Limits.
# Bytes, after decompression: the largest real news pages have about 3 MB, feeds with full text 5.
DOWNLOAD_MAXSIZE = 10 * 1024**2
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 30  # seconds for a whole answer: what drips longer is no news page
REDIRECT_MAX_TIMES = 6
URLLENGTH_LIMIT = 8192  # characters: Arabic slugs take nine for two letters
# Manners.
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "Rawi"  # the name by which robots.txt may address us
CONCURRENT_REQUESTS_PER_DOMAIN = 2
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "ar",
}
# A transport failure is tried once more at once, then later; a status is a verdict, given by the spider.
RETRY_TIMES = 1
RETRY_HTTP_CODES: list[int] = []
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"
# Bytes of answers in analysis and saving beyond which nothing more is downloaded.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 16 * 1024**2
# Visits of one answer at once: Scrapy starts as many tasks for every answer, and nearly all have one visit or none.
CONCURRENT_ITEMS = 2
# Of Scrapy's own parts those that do something here: each costs every request a little. A proxy would connect in our
# place, to addresses that the guard never sees; cookies are nobody's business; a page that refreshes itself is a page.
DOWNLOADER_MIDDLEWARES_BASE = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
}
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # the newest pages are asked for first
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}  # statuses, lengths and depths are the spiders' and the guard's affair
WARN_ON_GENERATOR_RETURN_VALUE = False  # a type checker has seen to it
# The parts that are ours.
DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.guard.AddressGuard": 50,
    "crawler.middlewares.robots.RememberedRobots": 90,  # what it remembers is unpacked, and where redirects led to
    "crawler.middlewares.pace.HostTurns": 950,  # nothing comes between a turn and its request
}
EXTENSIONS = {"crawler.middlewares.pace.CrawlDelay": 0}
# None of Scrapy's own extensions: what is switched off would be imported all the same, which takes a tenth of a second.
EXTENSIONS_BASE: dict[str, int] = {}
# What happened is counted in the report of a crawl.
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"
ITEM_PIPELINES = {"pipelines.stages.AnalyseStage": 100, "pipelines.stages.SaveStage": 200}
# One process, one loop: ours.
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
LOG_ENABLED = False
LOG_INSTALL_ROOT_HANDLER = False
STATS_DUMP = False
LOGSTATS_INTERVAL = 0
MEMUSAGE_ENABLED = False
