-- A cluster's machines know the parts of a table by names of their own: "opt_out_event_102211".
CREATE OR REPLACE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('client_zone.erasing', true) = regexp_replace(TG_TABLE_NAME, '_[0-9]+$', '') THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$;

-- As it was; on a cluster that history is being erased from is said by SET LOCAL, which reaches the machines with the rows when
-- the function is called in a transaction, by a statement that names no table. What is not worked out for each row of its own
-- is worked out beforehand.
CREATE OR REPLACE FUNCTION "erase_history"("history" TEXT, "of_account" INTEGER, "rows" BIGINT[], "words" TEXT, "number_too" BOOLEAN)
    RETURNS INTEGER LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    "erased" INTEGER;
    "trace" JSONB := jsonb_build_object('erased', "words");
BEGIN
    -- Not as a setting of the function: where there is no Citus, only a superuser may give it one by this name.
    SET LOCAL citus.propagate_set_commands = 'local';
    EXECUTE format('SET LOCAL client_zone.erasing = %L', "history");
    CASE "history"
        WHEN 'opt_out_event' THEN
            UPDATE "opt_out_event" SET
                "msisdn" = CASE WHEN "number_too" THEN '' ELSE "msisdn" END,
                "reason" = CASE WHEN "number_too" AND "reason" IS NOT NULL THEN "words" ELSE "reason" END,
                "evidence" = erase_fields("evidence", ARRAY['text', 'input'], "words")
            WHERE "account_id" = "of_account" AND "id" = ANY("rows");
        WHEN 'consent_event' THEN
            UPDATE "consent_event" SET
                "msisdn" = CASE WHEN "number_too" THEN '' ELSE "msisdn" END,
                "evidence" = erase_fields("evidence", ARRAY['wording', 'url', 'fileName', 'fileHash', 'reason'], "words")
            WHERE "account_id" = "of_account" AND "id" = ANY("rows");
        WHEN 'removal_request_event' THEN
            UPDATE "removal_request_event" SET
                "reason" = CASE WHEN "number_too" AND "reason" IS NOT NULL THEN "words" ELSE "reason" END,
                "evidence" = erase_fields("evidence", ARRAY['text', 'address', 'permissionAddress'], "words")
            WHERE "account_id" = "of_account" AND "id" = ANY("rows");
        WHEN 'activity' THEN
            UPDATE "activity" SET
                "address" = CASE WHEN "address" IS NULL THEN NULL ELSE "words" END,
                "details" = CASE WHEN "number_too" THEN "trace" ELSE "details" END
            WHERE "account_id" = "of_account" AND "id" = ANY("rows");
        WHEN 'audit_entry' THEN
            UPDATE "audit_entry" SET "target" = "words", "details" = "trace"
            WHERE "id" = ANY("rows");
        ELSE
            RAISE EXCEPTION 'There is no history "%" to erase from', "history";
    END CASE;
    GET DIAGNOSTICS "erased" = ROW_COUNT;
    SET LOCAL client_zone.erasing = '';
    SET LOCAL citus.propagate_set_commands TO DEFAULT;
    IF "erased" > 0 THEN
        INSERT INTO "erasure_event" ("account_id", "history", "row_ids", "words", "created_at")
        VALUES ("of_account", "history", "rows", "words", now()) ON CONFLICT DO NOTHING;
    END IF;
    RETURN "erased";
END
$$;
