-- What is searched: the words of articles and of quotations, folded and parted by pipelines.search, not by Postgres.
-- A table of its own, so that seeing an article again does not write its words again. Articles that were stored
-- before are indexed by: rawi db reindex

CREATE TABLE article_words (
    article_id    bigint PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
    words         tsvector NOT NULL,                                -- A: title, B: tags and authors, D: text
    edition       smallint NOT NULL                                 -- of the rules that parted and folded them
);
CREATE INDEX article_words_index ON article_words USING gin (words);
CREATE INDEX article_words_edition ON article_words (edition);

ALTER TABLE quotes ADD COLUMN words tsvector;
CREATE INDEX quotes_words ON quotes USING gin (words);
