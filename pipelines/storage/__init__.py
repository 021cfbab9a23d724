"""Where articles are kept: Postgres, its schema, its embedded server, and the one writer of articles."""
