-- As it was, and of a consent that was withdrawn by hand the reason: people write what they were told into it.
CREATE OR REPLACE FUNCTION "erase_history"("history" TEXT, "of_account" INTEGER, "rows" BIGINT[], "words" TEXT, "number_too" BOOLEAN)
    RETURNS INTEGER LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    "erased" INTEGER;
BEGIN
    PERFORM set_config('client_zone.erasing', "history", true);
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
                "details" = CASE WHEN "number_too" THEN jsonb_build_object('erased', "words") ELSE "details" END
            WHERE "account_id" = "of_account" AND "id" = ANY("rows");
        WHEN 'audit_entry' THEN
            UPDATE "audit_entry" SET "target" = "words", "details" = jsonb_build_object('erased', "words")
            WHERE "id" = ANY("rows");
        ELSE
            RAISE EXCEPTION 'There is no history "%" to erase from', "history";
    END CASE;
    GET DIAGNOSTICS "erased" = ROW_COUNT;
    PERFORM set_config('client_zone.erasing', '', true);
    IF "erased" > 0 THEN
        INSERT INTO "erasure_event" ("account_id", "history", "row_ids", "words", "created_at")
        VALUES ("of_account", "history", "rows", "words", now()) ON CONFLICT DO NOTHING;
    END IF;
    RETURN "erased";
END
$$;
