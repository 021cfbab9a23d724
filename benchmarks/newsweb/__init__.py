"""A realistic Arabic news web to measure on: invented outlets of ten makes, served from a process of its own."""
