-- Consent to direct marketing as evidence, and the cap on marketing to one number (docs/decisions/0063-consent-and-caps.md).

-- CreateEnum
CREATE TYPE "consent_source" AS ENUM ('WEB_FORM', 'PAPER', 'SHOP', 'PHONE', 'SMS', 'EMAIL', 'OTHER');

-- CreateEnum
CREATE TYPE "consent_event_kind" AS ENUM ('GIVEN', 'WITHDRAWN', 'OVERRODE');

-- AlterEnum
ALTER TYPE "number_list_purpose" ADD VALUE 'CONSENT';

-- AlterEnum
ALTER TYPE "number_list_outcome" ADD VALUE 'REFUSED';

-- AlterTable
ALTER TABLE "account" ADD COLUMN "weekly_marketing_cap" INTEGER;

-- AlterTable
ALTER TABLE "number_list" ADD COLUMN "consent" JSONB;

-- AlterTable
ALTER TABLE "platform_setting" ADD COLUMN "consent_stands" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "consent" (
    "account_id" INTEGER NOT NULL,
    "msisdn" TEXT COLLATE "C" NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "given_at" TIMESTAMPTZ(6) NOT NULL,
    "source" "consent_source" NOT NULL,
    "wording" TEXT NOT NULL,
    "url" TEXT,
    "file_name" TEXT,
    "file_hash" TEXT,
    "created_by" INTEGER,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "consent_pkey" PRIMARY KEY ("account_id", "msisdn")
);

-- CreateTable
CREATE TABLE "consent_event" (
    "account_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "msisdn" TEXT COLLATE "C" NOT NULL,
    "consent_id" BIGINT NOT NULL,
    "kind" "consent_event_kind" NOT NULL,
    "actor" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,
    "message_id" BIGINT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "consent_event_pkey" PRIMARY KEY ("account_id", "id")
);

-- CreateIndex
CREATE INDEX "consent_account_id_created_at_id_idx" ON "consent"("account_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "consent_event_account_id_msisdn_id_idx" ON "consent_event"("account_id", "msisdn", "id");

-- AddForeignKey
ALTER TABLE "consent" ADD CONSTRAINT "consent_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "consent_event" ADD CONSTRAINT "consent_event_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

ALTER TABLE "account" ADD CONSTRAINT "account_weekly_marketing_cap_check" CHECK ("weekly_marketing_cap" BETWEEN 1 AND 100);

-- However often a message is claimed, it passes the registry once.
CREATE UNIQUE INDEX "consent_event_message" ON "consent_event"("account_id", "message_id") WHERE "message_id" IS NOT NULL;

CREATE TRIGGER "consent_event_append_only" BEFORE UPDATE OR DELETE ON "consent_event"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "consent_event_erasing" BEFORE UPDATE ON "consent_event"
    FOR EACH ROW EXECUTE FUNCTION "refuse_other_change"('msisdn', 'evidence');

-- As it was, and of the history of consents: the wording is the account's, but what else was written down may be the person's.
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
                "evidence" = erase_fields("evidence", ARRAY['wording', 'url', 'fileName', 'fileHash'], "words")
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
