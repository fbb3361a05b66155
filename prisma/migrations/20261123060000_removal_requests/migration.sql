-- COLLATE "C" on numbers and keys, and what stands below the next rule, are ours; the rest is the schema engine's.

-- CreateEnum
CREATE TYPE "removal_request_state" AS ENUM ('AWAITING_CONFIRMATION', 'AWAITING_REPLY', 'AWAITING_APPROVAL', 'REMOVED', 'REFUSED', 'EXPIRED', 'REJECTED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "removal_request_event_kind" AS ENUM ('REQUESTED', 'CONFIRMED', 'YES', 'NO', 'OPT_OUT', 'OTHER', 'APPROVED', 'REJECTED', 'CANCELLED', 'EXPIRED', 'BLOCK_LIFTED');

-- CreateEnum
CREATE TYPE "email_state" AS ENUM ('QUEUED', 'SENDING', 'SENT', 'KEPT', 'FAILED');

-- AlterTable
ALTER TABLE "account" ADD COLUMN     "consent_text" TEXT,
ADD COLUMN     "consent_words" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateTable
CREATE TABLE "removal_request" (
    "account_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "msisdn" TEXT COLLATE "C" NOT NULL,
    "episode_id" BIGINT NOT NULL,
    "state" "removal_request_state" NOT NULL,
    "is_public" BOOLEAN NOT NULL DEFAULT false,
    "permission_text" TEXT NOT NULL,
    "permission_user_id" INTEGER,
    "permission_at" TIMESTAMPTZ(6) NOT NULL,
    "permission_address" TEXT,
    "link_hash" TEXT,
    "link_expires_at" TIMESTAMPTZ(6),
    "consent_message_id" BIGINT,
    "consent_due_at" TIMESTAMPTZ(6),
    "answer_reply_id" BIGINT,
    "answered_at" TIMESTAMPTZ(6),
    "decided_by" INTEGER,
    "decided_at" TIMESTAMPTZ(6),
    "decision_reason" TEXT,
    "expires_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "removal_request_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "removal_request_event" (
    "account_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "request_id" BIGINT NOT NULL,
    "kind" "removal_request_event_kind" NOT NULL,
    "from_state" "removal_request_state",
    "to_state" "removal_request_state" NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT,
    "evidence" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "removal_request_event_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "email" (
    "account_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "event_key" TEXT COLLATE "C" NOT NULL,
    "recipient" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "html" TEXT NOT NULL,
    "link_seed" TEXT,
    "state" "email_state" NOT NULL DEFAULT 'QUEUED',
    "next_attempt_at" TIMESTAMPTZ(6) DEFAULT CURRENT_TIMESTAMP,
    "attempts" SMALLINT NOT NULL DEFAULT 0,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "email_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "notice" (
    "account_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "event_key" TEXT COLLATE "C" NOT NULL,
    "title" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "path" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "read_at" TIMESTAMPTZ(6),
    "read_by" INTEGER,

    CONSTRAINT "notice_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" BIGSERIAL NOT NULL,
    "user_id" INTEGER NOT NULL,
    "action" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "target_account_id" INTEGER,
    "details" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "platform_keyword" (
    "id" SERIAL NOT NULL,
    "word" TEXT NOT NULL,
    "match" "keyword_match" NOT NULL,
    "created_by" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "platform_keyword_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "platform_setting" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "removal_expiry_days" INTEGER NOT NULL DEFAULT 7,
    "auto_approve" BOOLEAN NOT NULL DEFAULT false,
    "weekday_from" INTEGER NOT NULL DEFAULT 480,
    "weekday_to" INTEGER NOT NULL DEFAULT 1200,
    "saturday_from" INTEGER NOT NULL DEFAULT 540,
    "saturday_to" INTEGER NOT NULL DEFAULT 780,
    "extra_holidays" DATE[] DEFAULT ARRAY[]::DATE[],

    CONSTRAINT "platform_setting_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "removal_request_account_id_created_at_id_idx" ON "removal_request"("account_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "removal_request_account_id_msisdn_id_idx" ON "removal_request"("account_id", "msisdn", "id" DESC);

-- CreateIndex
CREATE INDEX "removal_request_event_account_id_request_id_id_idx" ON "removal_request_event"("account_id", "request_id", "id");

-- CreateIndex
CREATE INDEX "email_created_at_id_idx" ON "email"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "email_account_id_event_key_key" ON "email"("account_id", "event_key");

-- CreateIndex
CREATE INDEX "notice_account_id_created_at_id_idx" ON "notice"("account_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "notice_account_id_event_key_key" ON "notice"("account_id", "event_key");

-- CreateIndex
CREATE INDEX "audit_entry_created_at_id_idx" ON "audit_entry"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "audit_entry_target_account_id_created_at_id_idx" ON "audit_entry"("target_account_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "platform_keyword_word_match_key" ON "platform_keyword"("word", "match");

-- AddForeignKey
ALTER TABLE "removal_request" ADD CONSTRAINT "removal_request_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "removal_request" ADD CONSTRAINT "removal_request_account_id_consent_message_id_fkey" FOREIGN KEY ("account_id", "consent_message_id") REFERENCES "message"("account_id", "id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "removal_request" ADD CONSTRAINT "removal_request_account_id_answer_reply_id_fkey" FOREIGN KEY ("account_id", "answer_reply_id") REFERENCES "reply"("account_id", "id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "removal_request_event" ADD CONSTRAINT "removal_request_event_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "removal_request_event" ADD CONSTRAINT "removal_request_event_account_id_request_id_fkey" FOREIGN KEY ("account_id", "request_id") REFERENCES "removal_request"("account_id", "id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "email" ADD CONSTRAINT "email_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "notice" ADD CONSTRAINT "notice_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

-- At most one request is open for an account and a number. Small, as few are open; also how replies find the requests they answer.
CREATE UNIQUE INDEX "removal_request_open_key" ON "removal_request"("account_id", "msisdn")
    WHERE "state" IN ('AWAITING_CONFIRMATION', 'AWAITING_REPLY', 'AWAITING_APPROVAL');

-- One request that asked the recipient for each episode.
CREATE UNIQUE INDEX "removal_request_asked_key" ON "removal_request"("account_id", "episode_id")
    WHERE "consent_message_id" IS NOT NULL;

-- The staff's queue, and what ends by itself.
CREATE INDEX "removal_request_queue_idx" ON "removal_request"("state", "created_at", "id")
    WHERE "state" IN ('AWAITING_CONFIRMATION', 'AWAITING_REPLY', 'AWAITING_APPROVAL');
CREATE INDEX "removal_request_expires_at_idx" ON "removal_request"("expires_at")
    WHERE "state" IN ('AWAITING_CONFIRMATION', 'AWAITING_REPLY');

-- A request that is over has an end, and an end is nothing without; nobody is removed without the recipient's answer.
ALTER TABLE "removal_request" ADD CONSTRAINT "removal_request_finished_check"
    CHECK (("state" IN ('AWAITING_CONFIRMATION', 'AWAITING_REPLY', 'AWAITING_APPROVAL')) = ("finished_at" IS NULL));
ALTER TABLE "removal_request" ADD CONSTRAINT "removal_request_answer_check"
    CHECK ("state" NOT IN ('AWAITING_APPROVAL', 'REMOVED', 'REJECTED')
        OR "answer_reply_id" IS NOT NULL AND "consent_message_id" IS NOT NULL);
ALTER TABLE "removal_request" ADD CONSTRAINT "removal_request_consent_check"
    CHECK ("state" <> 'AWAITING_REPLY' OR "consent_message_id" IS NOT NULL AND "expires_at" IS NOT NULL);
ALTER TABLE "removal_request" ADD CONSTRAINT "removal_request_reason_check"
    CHECK ("state" <> 'REJECTED' OR "decision_reason" <> '' AND "decided_by" IS NOT NULL);

CREATE INDEX "email_due_idx" ON "email"("account_id", "next_attempt_at") WHERE "next_attempt_at" IS NOT NULL;
CREATE INDEX "notice_unread_idx" ON "notice"("account_id") WHERE "read_at" IS NULL;

CREATE TRIGGER "removal_request_event_append_only" BEFORE UPDATE OR DELETE ON "removal_request_event"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "audit_entry_append_only" BEFORE UPDATE OR DELETE ON "audit_entry"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- The one row of settings.
ALTER TABLE "platform_setting" ADD CONSTRAINT "platform_setting_id_check" CHECK ("id" = 1);
ALTER TABLE "platform_setting" ADD CONSTRAINT "platform_setting_hours_check"
    CHECK (0 <= "weekday_from" AND "weekday_from" < "weekday_to" AND "weekday_to" <= 1440
        AND 0 <= "saturday_from" AND "saturday_from" < "saturday_to" AND "saturday_to" <= 1440);
ALTER TABLE "platform_setting" ADD CONSTRAINT "platform_setting_expiry_check"
    CHECK ("removal_expiry_days" BETWEEN 1 AND 90);
INSERT INTO "platform_setting" ("id") VALUES (1);
