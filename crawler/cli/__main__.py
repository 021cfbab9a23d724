"""The command line where no ``rawi`` is installed: ``python -m crawler.cli``."""

from crawler.cli.app import main

main()
