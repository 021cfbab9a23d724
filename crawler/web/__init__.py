"""What people and programs look at: the operators' pages, the JSON API, feeds and metrics, on the same store."""
