-- New entries of a GIN index wait in a list, and whoever makes it too long sorts all of it in, within their own statement and with
-- the locks that they hold. An import has it done beside its transactions (docs/decisions/0073-an-import-of-a-million.md). Only the
-- owner of an index may, and lends its right for this one thing.
CREATE FUNCTION "sort_in_opt_outs"() RETURNS BIGINT LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT gin_clean_pending_list('opt_out_number_parts_idx'::regclass)
$$;

REVOKE EXECUTE ON FUNCTION "sort_in_opt_outs"() FROM PUBLIC;
