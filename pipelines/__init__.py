"""What the page says and where it is kept: the pure line, and Postgres."""
