"""The `rawi` command: one module for each noun; :mod:`crawler.cli.app` puts them together."""
