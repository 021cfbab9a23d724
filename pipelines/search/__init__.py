"""Search that a reader of Arabic trusts: the words of a text as they are indexed, queries, and snippets. Pure.

Postgres' own Arabic stemmer is not used: it makes غداد of بغداد. What is indexed are the words as folded, whole; it is
the *query* that knows that a word may carry the article and the particles that are written together with it.
"""
