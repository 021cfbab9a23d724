-- What the database itself holds to: what was found lies inside the text it was found in. And what was forgotten on
-- request, so that no feed, archive or replay brings it back; only hashes are kept of it.

CREATE FUNCTION check_quote_in_text() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    body text := (SELECT a.text FROM articles a WHERE a.id = NEW.article_id);
BEGIN
    IF substr(body, lower(NEW.span) + 1, upper(NEW.span) - lower(NEW.span)) IS DISTINCT FROM NEW.text
       OR greatest(upper(NEW.cue), upper(NEW.mention)) > char_length(body) THEN
        RAISE EXCEPTION 'quotation % of article % is not where it says in the text', NEW.position, NEW.article_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER quote_in_text AFTER INSERT OR UPDATE OF span, text, cue, mention ON quotes
FOR EACH ROW EXECUTE FUNCTION check_quote_in_text();

CREATE FUNCTION check_hashtag_in_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF upper(NEW.span) > (SELECT char_length(a.text) FROM articles a WHERE a.id = NEW.article_id) THEN
        RAISE EXCEPTION 'hashtag % of article % is not where it says in the text', NEW.tag, NEW.article_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER hashtag_in_text AFTER INSERT OR UPDATE OF span ON article_hashtags
FOR EACH ROW WHEN (NEW.span IS NOT NULL) EXECUTE FUNCTION check_hashtag_in_text();

-- A text that changes takes what was found in it along: checked when the transaction ends.
CREATE FUNCTION check_findings_of_text() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    body text := (SELECT a.text FROM articles a WHERE a.id = NEW.id);
BEGIN
    IF EXISTS (SELECT FROM quotes q WHERE q.article_id = NEW.id
               AND substr(body, lower(q.span) + 1, upper(q.span) - lower(q.span)) IS DISTINCT FROM q.text)
       OR EXISTS (SELECT FROM article_hashtags t WHERE t.article_id = NEW.id AND upper(t.span) > char_length(body)) THEN
        RAISE EXCEPTION 'the text of article % changed without what was found in it', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER findings_of_text AFTER UPDATE OF text ON articles
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_findings_of_text();

CREATE TABLE forgotten (
    hash          bytea PRIMARY KEY,                                -- SHA-256 of 'url:' or 'speaker:' and the key
    forgotten_at  timestamptz NOT NULL DEFAULT now()
);
