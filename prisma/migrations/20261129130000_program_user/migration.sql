-- The program runs under a user that owns nothing (docs/decisions/0038-privacy.md). Only the owner of an index may have it summarised,
-- so the owner lends its right for this one thing.
CREATE FUNCTION "refresh_status_index"() RETURNS INTEGER LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT count("summary")::int FROM (
        SELECT brin_desummarize_range('message_status_idx', "block"),
               brin_summarize_range('message_status_idx', "block") AS "summary"
        FROM generate_series(0, pg_relation_size('message') / current_setting('block_size')::int, 64) AS "block"
    ) AS "range"
$$;

REVOKE EXECUTE ON FUNCTION "refresh_status_index"() FROM PUBLIC;
