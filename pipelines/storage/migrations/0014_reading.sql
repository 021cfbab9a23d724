-- What readers of the pages and the API ask for all the time: who somebody is, under whichever spelling.

CREATE INDEX speakers_of_person ON speakers ((coalesce(merged_into, id)));
