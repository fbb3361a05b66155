-- PostgreSQL looks for tables among the temporary ones first unless their schema is named: whoever calls a function of the
-- owner's could have put a table of their own before the one it means, and erased from a history without a trace.
ALTER FUNCTION "refresh_status_index"() SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION "erase_history"(TEXT, INTEGER, BIGINT[], TEXT, BOOLEAN) SET search_path = pg_catalog, public, pg_temp;
