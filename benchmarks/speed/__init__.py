"""How fast is a crawl, from feeds to stored articles, against what a competent user would write? One run, one table."""
