"""When is a feed polled again, and a page tried again? Pure: the time is an argument, and what is known is passed in.

The parts: :mod:`~crawler.scheduling.rhythm` is how often a feed brings something, learned from what it brought;
:mod:`~crawler.scheduling.hints` what its publisher asks for; :mod:`~crawler.scheduling.interval` how long to wait after
an answer; :mod:`~crawler.scheduling.failures` how long after none; :mod:`~crawler.scheduling.outage` whether it was our
own network that failed; :mod:`~crawler.scheduling.plan` puts them together for one poll; and
:mod:`~crawler.scheduling.pages` is about pages. docs/polling.md tells the whole policy on one page.
"""
