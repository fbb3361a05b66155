-- The statements up to the next rule are the schema engine's, but for COLLATE "C" on numbers and carriers' ids: those are
-- compared byte by byte, which is faster, and the same on every machine.

-- CreateEnum
CREATE TYPE "account_status" AS ENUM ('ACTIVE', 'SUSPENDED');

-- CreateEnum
CREATE TYPE "review_policy" AS ENUM ('ASK', 'BLOCK');

-- CreateEnum
CREATE TYPE "user_role" AS ENUM ('CUSTOMER', 'STAFF');

-- CreateEnum
CREATE TYPE "user_status" AS ENUM ('ACTIVE', 'SUSPENDED');

-- CreateEnum
CREATE TYPE "sender_number_kind" AS ENUM ('LONG_CODE', 'SHORT_CODE');

-- CreateEnum
CREATE TYPE "message_kind" AS ENUM ('NORMAL', 'CONFIRMATION', 'CONSENT');

-- CreateEnum
CREATE TYPE "message_status" AS ENUM ('QUEUED', 'SENDING', 'SENT', 'DELIVERED', 'FAILED', 'BLOCKED');

-- CreateEnum
CREATE TYPE "verdict" AS ENUM ('OPT_OUT', 'REVIEW', 'NONE');

-- CreateEnum
CREATE TYPE "opt_out_kind" AS ENUM ('REPLY', 'SHARED_SENDER', 'MANUAL', 'IMPORT', 'API', 'STAFF');

-- CreateEnum
CREATE TYPE "opt_out_event_kind" AS ENUM ('OPTED_OUT', 'CONFIRMED_BY_REPLY', 'REMOVED', 'CORRECTED');

-- CreateEnum
CREATE TYPE "credit_entry_kind" AS ENUM ('TOP_UP', 'SEND', 'REFUND', 'CORRECTION');

-- CreateEnum
CREATE TYPE "keyword_match" AS ENUM ('EXACT', 'PREFIX');

-- CreateTable
CREATE TABLE "account" (
    "id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "owner_email" TEXT NOT NULL,
    "status" "account_status" NOT NULL DEFAULT 'ACTIVE',
    "time_zone" TEXT NOT NULL DEFAULT 'Africa/Johannesburg',
    "confirmation_text" TEXT,
    "review_policy" "review_policy" NOT NULL DEFAULT 'ASK',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "portal_user" (
    "id" SERIAL NOT NULL,
    "username" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "role" "user_role" NOT NULL,
    "status" "user_status" NOT NULL DEFAULT 'ACTIVE',
    "account_id" INTEGER,
    "session_epoch" INTEGER NOT NULL DEFAULT 0,
    "last_sign_in_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "portal_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sender_number" (
    "number" TEXT COLLATE "C" NOT NULL,
    "kind" "sender_number_kind" NOT NULL,
    "account_id" INTEGER,
    "enabled" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "sender_number_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "account_keyword" (
    "account_id" INTEGER NOT NULL,
    "id" SERIAL NOT NULL,
    "word" TEXT NOT NULL,
    "match" "keyword_match" NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_keyword_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "credit_balance" (
    "account_id" INTEGER NOT NULL,
    "credits" BIGINT NOT NULL,

    CONSTRAINT "credit_balance_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "credit_entry" (
    "account_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "kind" "credit_entry_kind" NOT NULL,
    "amount" BIGINT NOT NULL,
    "batch_id" BIGINT,
    "note" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credit_entry_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "conversation" (
    "msisdn" TEXT COLLATE "C" NOT NULL,
    "sender_number" TEXT COLLATE "C" NOT NULL,
    "account_id" INTEGER NOT NULL,
    "last_message_at" TIMESTAMPTZ(6) NOT NULL,
    "last_message_id" BIGINT NOT NULL,

    CONSTRAINT "conversation_pkey" PRIMARY KEY ("msisdn","sender_number","account_id")
);

-- CreateTable
CREATE TABLE "carrier_receipt" (
    "msisdn" TEXT COLLATE "C" NOT NULL,
    "carrier" TEXT COLLATE "C" NOT NULL,
    "carrier_message_id" TEXT COLLATE "C" NOT NULL,
    "received_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "carrier_receipt_pkey" PRIMARY KEY ("msisdn","carrier","carrier_message_id")
);

-- CreateTable
CREATE TABLE "unowned_reply" (
    "msisdn" TEXT COLLATE "C" NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "sender_number" TEXT COLLATE "C" NOT NULL,
    "text" TEXT NOT NULL,
    "raw" BYTEA,
    "verdict" "verdict" NOT NULL,
    "rule" TEXT,
    "carrier" TEXT COLLATE "C" NOT NULL,
    "carrier_message_id" TEXT COLLATE "C" NOT NULL,
    "received_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "unowned_reply_pkey" PRIMARY KEY ("msisdn","id")
);

-- CreateTable
CREATE TABLE "message_batch" (
    "account_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "created_by" INTEGER,
    "text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "message_batch_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "message" (
    "account_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "batch_id" BIGINT,
    "kind" "message_kind" NOT NULL DEFAULT 'NORMAL',
    "msisdn" TEXT COLLATE "C" NOT NULL,
    "sender_number" TEXT COLLATE "C" NOT NULL,
    "text" TEXT NOT NULL,
    "segments" SMALLINT NOT NULL,
    "cost" INTEGER NOT NULL,
    "status" "message_status" NOT NULL,
    "priority" SMALLINT NOT NULL DEFAULT 1,
    "next_attempt_at" TIMESTAMPTZ(6),
    "attempts" SMALLINT NOT NULL DEFAULT 0,
    "reason" TEXT,
    "carrier_message_id" TEXT COLLATE "C",
    "episode_id" BIGINT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(6),
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "message_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "reply" (
    "account_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "msisdn" TEXT COLLATE "C" NOT NULL,
    "sender_number" TEXT COLLATE "C" NOT NULL,
    "text" TEXT NOT NULL,
    "raw" BYTEA,
    "verdict" "verdict" NOT NULL,
    "rule" TEXT,
    "message_id" BIGINT,
    "carrier" TEXT COLLATE "C" NOT NULL,
    "carrier_message_id" TEXT COLLATE "C" NOT NULL,
    "received_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "reply_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "opt_out" (
    "account_id" INTEGER NOT NULL,
    "msisdn" TEXT COLLATE "C" NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "kind" "opt_out_kind" NOT NULL,
    "sender_number" TEXT COLLATE "C",
    "reply_id" BIGINT,
    "reply_text" TEXT,
    "rule" TEXT,
    "created_by" INTEGER,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "opt_out_pkey" PRIMARY KEY ("account_id","msisdn")
);

-- CreateTable
CREATE TABLE "opt_out_event" (
    "account_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "msisdn" TEXT COLLATE "C" NOT NULL,
    "episode_id" BIGINT NOT NULL,
    "kind" "opt_out_event_kind" NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT,
    "evidence" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "opt_out_event_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "rate_limit" (
    "key" TEXT NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "worker" (
    "id" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(6) NOT NULL,
    "seen_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "worker_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "simulator_message" (
    "msisdn" TEXT COLLATE "C" NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "from_phone" BOOLEAN NOT NULL,
    "sender_number" TEXT COLLATE "C" NOT NULL,
    "text" TEXT NOT NULL,
    "reference" TEXT COLLATE "C",
    "receipt_due_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "simulator_message_pkey" PRIMARY KEY ("msisdn","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "portal_user_username_key" ON "portal_user"("username");

-- CreateIndex
CREATE INDEX "portal_user_account_id_idx" ON "portal_user"("account_id");

-- CreateIndex
CREATE UNIQUE INDEX "account_keyword_account_id_word_match_key" ON "account_keyword"("account_id", "word", "match");

-- CreateIndex
CREATE INDEX "unowned_reply_received_at_id_idx" ON "unowned_reply"("received_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "message_batch_account_id_idempotency_key_key" ON "message_batch"("account_id", "idempotency_key");

-- CreateIndex
CREATE INDEX "message_account_id_created_at_id_idx" ON "message"("account_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "message_account_id_msisdn_id_idx" ON "message"("account_id", "msisdn", "id" DESC);

-- CreateIndex
CREATE INDEX "reply_account_id_received_at_id_idx" ON "reply"("account_id", "received_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "reply_account_id_msisdn_id_idx" ON "reply"("account_id", "msisdn", "id" DESC);

-- CreateIndex
CREATE INDEX "opt_out_account_id_created_at_id_idx" ON "opt_out"("account_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "opt_out_event_account_id_msisdn_id_idx" ON "opt_out_event"("account_id", "msisdn", "id");

-- CreateIndex
CREATE INDEX "simulator_message_created_at_idx" ON "simulator_message"("created_at" DESC);

-- AddForeignKey
ALTER TABLE "portal_user" ADD CONSTRAINT "portal_user_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE SET NULL ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "sender_number" ADD CONSTRAINT "sender_number_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE SET NULL ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "account_keyword" ADD CONSTRAINT "account_keyword_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "credit_balance" ADD CONSTRAINT "credit_balance_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "credit_entry" ADD CONSTRAINT "credit_entry_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "message_batch" ADD CONSTRAINT "message_batch_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_account_id_batch_id_fkey" FOREIGN KEY ("account_id", "batch_id") REFERENCES "message_batch"("account_id", "id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "reply" ADD CONSTRAINT "reply_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "opt_out" ADD CONSTRAINT "opt_out_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "opt_out" ADD CONSTRAINT "opt_out_account_id_reply_id_fkey" FOREIGN KEY ("account_id", "reply_id") REFERENCES "reply"("account_id", "id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "opt_out_event" ADD CONSTRAINT "opt_out_event_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

-- The queue: what is waiting, in the order in which it is sent. Partial, so that it stays as small as the queue is.
CREATE INDEX "message_queue_idx" ON "message"("account_id", "priority", "next_attempt_at", "id")
    WHERE "next_attempt_at" IS NOT NULL;

-- One confirmation and one consent SMS per episode, whatever is duplicated, retried or killed.
CREATE UNIQUE INDEX "message_episode_key" ON "message"("account_id", "episode_id", "kind")
    WHERE "episode_id" IS NOT NULL;

CREATE INDEX "simulator_message_receipt_due_at_idx" ON "simulator_message"("receipt_due_at")
    WHERE "receipt_due_at" IS NOT NULL;

ALTER TABLE "credit_balance" ADD CONSTRAINT "credit_balance_credits_check" CHECK ("credits" >= 0);

-- Blocked messages cost nothing.
ALTER TABLE "message" ADD CONSTRAINT "message_cost_check" CHECK ("cost" >= 0 AND ("status" <> 'BLOCKED' OR "cost" = 0));

-- Customers belong to an account, staff to none.
ALTER TABLE "portal_user" ADD CONSTRAINT "portal_user_account_id_check"
    CHECK (("role" = 'CUSTOMER') = ("account_id" IS NOT NULL));

ALTER TABLE "portal_user" ADD CONSTRAINT "portal_user_username_check" CHECK ("username" = lower("username"));

-- History and ledger are append-only, also for whoever writes SQL by hand.
CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER "opt_out_event_append_only" BEFORE UPDATE OR DELETE ON "opt_out_event"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

CREATE TRIGGER "credit_entry_append_only" BEFORE UPDATE OR DELETE ON "credit_entry"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- Room on each page for the next version of a row, so that an update that changes no indexed column (delivered; another
-- message in a conversation; a balance) touches no index.
ALTER TABLE "message" SET (fillfactor = 85);
ALTER TABLE "conversation" SET (fillfactor = 80);
ALTER TABLE "credit_balance" SET (fillfactor = 50);

-- Every message passes through the queue's index and leaves dead entries there, which each claim would read again. By
-- default they are cleared away once a fifth of the table has changed: two million of ten.
ALTER TABLE "message" SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02);
