"""Sources and their feeds: what operators add, kept in Postgres."""
