-- What is found in a text is checked once for a statement that brings many quotations, not once for each of them: going
-- to its place in a text, character by character, was most of the work of storing a quotation.

CREATE FUNCTION check_new_quotes_in_text() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said record;
    article bigint;     -- whose text is at hand
    size integer;       -- of that text
    rest text;          -- what of it follows the place that the check has come to
    place integer;
BEGIN
    FOR said IN
        SELECT w.article_id, w.position, w.text, lower(w.span) AS start, greatest(upper(w.cue), upper(w.mention)) AS upto
        FROM written w ORDER BY w.article_id, lower(w.span)
    LOOP
        IF said.article_id IS DISTINCT FROM article THEN
            SELECT a.id, char_length(a.text), a.text || '', 0 INTO article, size, rest, place
            FROM articles a WHERE a.id = said.article_id;
        END IF;
        IF said.start > place THEN
            rest := right(rest, place - said.start);    -- without its first characters
            place := said.start;
        END IF;
        -- That the span is as long as the text is a constraint of the table.
        IF starts_with(rest, said.text) IS NOT TRUE OR said.upto > size THEN
            RAISE EXCEPTION 'quotation % of article % is not where it says in the text', said.position, said.article_id
                USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER new_quotes_in_text AFTER INSERT ON quotes REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION check_new_quotes_in_text();

DROP TRIGGER quote_in_text ON quotes;
CREATE TRIGGER quote_in_text AFTER UPDATE OF span, text, cue, mention ON quotes
FOR EACH ROW EXECUTE FUNCTION check_quote_in_text();

-- Names are looked up in the transaction that wrote them: each would have read a list of pending entries through.
ALTER INDEX speakers_by_skeleton SET (fastupdate = off);

-- Pages are compressed already, and a list of words does not become smaller: it was tried in vain for each.
ALTER TABLE pages ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE quarantine ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE article_words ALTER COLUMN words SET STORAGE EXTERNAL;
