-- What is erased, when, and what must stay (docs/decisions/0038-privacy.md).

-- How long the provider keeps what people wrote; 0: for ever.
ALTER TABLE "platform_setting"
    ADD COLUMN "message_text_months" INTEGER NOT NULL DEFAULT 24,
    ADD COLUMN "unowned_reply_months" INTEGER NOT NULL DEFAULT 12,
    ADD COLUMN "email_months" INTEGER NOT NULL DEFAULT 12,
    ADD COLUMN "address_months" INTEGER NOT NULL DEFAULT 12,
    ADD COLUMN "proof_months" INTEGER NOT NULL DEFAULT 36,
    ADD CONSTRAINT "platform_setting_retention_check" CHECK (
        ("message_text_months" = 0 OR "message_text_months" BETWEEN 6 AND 240)
        AND ("unowned_reply_months" = 0 OR "unowned_reply_months" BETWEEN 6 AND 240)
        AND ("email_months" = 0 OR "email_months" BETWEEN 1 AND 240)
        AND ("address_months" = 0 OR "address_months" BETWEEN 1 AND 240)
        AND ("proof_months" = 0 OR "proof_months" BETWEEN 12 AND 240)
    );

-- When a text was written over by a sentence that says so; null: it is as it came.
ALTER TABLE "message" ADD COLUMN "text_erased_at" TIMESTAMPTZ(6);
ALTER TABLE "message_batch" ADD COLUMN "text_erased_at" TIMESTAMPTZ(6);
ALTER TABLE "reply" ADD COLUMN "text_erased_at" TIMESTAMPTZ(6);
ALTER TABLE "unowned_reply" ADD COLUMN "text_erased_at" TIMESTAMPTZ(6);
ALTER TABLE "email" ADD COLUMN "text_erased_at" TIMESTAMPTZ(6);

CREATE TABLE "legal_hold" (
    "id" SERIAL NOT NULL,
    "held_account_id" INTEGER,
    "msisdn" TEXT COLLATE "C",
    "reason" TEXT NOT NULL,
    "created_by" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "lifted_by" INTEGER,
    "lifted_at" TIMESTAMPTZ(6),

    CONSTRAINT "legal_hold_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "legal_hold_subject_check" CHECK (("held_account_id" IS NULL) <> ("msisdn" IS NULL)),
    CONSTRAINT "legal_hold_lifted_check" CHECK (("lifted_by" IS NULL) = ("lifted_at" IS NULL))
);

CREATE INDEX "legal_hold_msisdn_idx" ON "legal_hold"("msisdn");
CREATE INDEX "legal_hold_held_account_id_idx" ON "legal_hold"("held_account_id");

-- How far the nightly job has come, and what it has erased since it last told the audit log. Account 0: what has no account.
CREATE TABLE "retention_progress" (
    "account_id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "until_id" BIGINT NOT NULL DEFAULT 0,
    "erased" INTEGER NOT NULL DEFAULT 0,
    "restarted_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "retention_progress_pkey" PRIMARY KEY ("account_id", "kind")
);

-- What was erased of a history. Append-only itself.
CREATE TABLE "erasure_event" (
    "account_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "history" TEXT NOT NULL,
    "row_ids" BIGINT[],
    "words" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "erasure_event_pkey" PRIMARY KEY ("account_id", "id")
);

CREATE TRIGGER "erasure_event_append_only" BEFORE UPDATE OR DELETE ON "erasure_event"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- The histories let one thing through: an update while erase_history is at work, of the columns that it may write over.
CREATE OR REPLACE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('client_zone.erasing', true) = TG_TABLE_NAME THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$;

CREATE FUNCTION "refuse_other_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - TG_ARGV IS DISTINCT FROM to_jsonb(OLD) - TG_ARGV THEN
        RAISE EXCEPTION '% is append-only: only % can be erased', TG_TABLE_NAME, array_to_string(TG_ARGV, ', ')
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER "opt_out_event_erasing" BEFORE UPDATE ON "opt_out_event"
    FOR EACH ROW EXECUTE FUNCTION "refuse_other_change"('msisdn', 'reason', 'evidence');
CREATE TRIGGER "removal_request_event_erasing" BEFORE UPDATE ON "removal_request_event"
    FOR EACH ROW EXECUTE FUNCTION "refuse_other_change"('reason', 'evidence');
CREATE TRIGGER "activity_erasing" BEFORE UPDATE ON "activity"
    FOR EACH ROW EXECUTE FUNCTION "refuse_other_change"('address', 'details');
CREATE TRIGGER "audit_entry_erasing" BEFORE UPDATE ON "audit_entry"
    FOR EACH ROW EXECUTE FUNCTION "refuse_other_change"('target', 'details');

-- A JSON object with the texts among its fields written over, and nothing else.
CREATE FUNCTION "erase_fields"("stored" JSONB, "names" TEXT[], "words" TEXT) RETURNS JSONB
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_object_agg("key", CASE
            WHEN "key" = ANY("names") AND jsonb_typeof("value") = 'string' THEN to_jsonb("words") ELSE "value" END), '{}')
    FROM jsonb_each("stored")
$$;

-- Whether a text holds the number in one of its writings: with its country code, or as it is written at home.
CREATE FUNCTION "mentions_number"("written" TEXT, "msisdn" TEXT) RETURNS BOOLEAN LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT "squeezed" LIKE '%' || "msisdn" || '%'
        OR ("msisdn" LIKE '27%' AND "squeezed" LIKE '%0' || substr("msisdn", 3) || '%')
    FROM (SELECT regexp_replace("written", '[\s().+-]', '', 'g') AS "squeezed") AS "text"
$$;

-- The one way to write over what stands in a history: of an account, certain rows, with words that say so. Texts go, and with
-- "number_too" the number; that something was done, by whom and when, stays. Leaves an erasure_event.
CREATE FUNCTION "erase_history"("history" TEXT, "of_account" INTEGER, "rows" BIGINT[], "words" TEXT, "number_too" BOOLEAN)
    RETURNS INTEGER LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
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

REVOKE EXECUTE ON FUNCTION "erase_history"(TEXT, INTEGER, BIGINT[], TEXT, BOOLEAN) FROM PUBLIC;

CREATE INDEX "unowned_reply_unerased_idx" ON "unowned_reply"("received_at") WHERE "text_erased_at" IS NULL;
