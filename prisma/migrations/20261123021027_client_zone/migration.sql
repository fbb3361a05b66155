-- COLLATE "C" on numbers, and what stands below the next rule, are ours; the rest is the schema engine's.

-- CreateEnum
CREATE TYPE "review_decision" AS ENUM ('OPTED_OUT', 'DISMISSED');

-- CreateEnum
CREATE TYPE "number_list_purpose" AS ENUM ('IMPORT', 'CHECK');

-- CreateEnum
CREATE TYPE "number_list_state" AS ENUM ('QUEUED', 'RUNNING', 'DONE', 'CANCELLED', 'FAILED');

-- CreateEnum
CREATE TYPE "number_list_outcome" AS ENUM ('ADDED', 'ALREADY_THERE');

-- AlterTable
ALTER TABLE "reply" ADD COLUMN     "review_decision" "review_decision",
ADD COLUMN     "reviewed_at" TIMESTAMPTZ(6),
ADD COLUMN     "reviewed_by" INTEGER;

-- CreateTable
CREATE TABLE "opt_out_tally" (
    "account_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "change" INTEGER NOT NULL,

    CONSTRAINT "opt_out_tally_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "number_list" (
    "account_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "purpose" "number_list_purpose" NOT NULL,
    "state" "number_list_state" NOT NULL,
    "name" TEXT NOT NULL,
    "created_by" INTEGER,
    "lines" INTEGER NOT NULL,
    "invalid" INTEGER NOT NULL,
    "duplicates" INTEGER NOT NULL,
    "processed" INTEGER NOT NULL DEFAULT 0,
    "added" INTEGER NOT NULL DEFAULT 0,
    "already_there" INTEGER NOT NULL DEFAULT 0,
    "blocked" INTEGER NOT NULL DEFAULT 0,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "number_list_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "number_list_line" (
    "account_id" INTEGER NOT NULL,
    "list_id" BIGINT NOT NULL,
    "line" INTEGER NOT NULL,
    "input" TEXT NOT NULL,
    "msisdn" TEXT COLLATE "C",
    "problem" TEXT COLLATE "C",
    "outcome" "number_list_outcome",

    CONSTRAINT "number_list_line_pkey" PRIMARY KEY ("account_id","list_id","line")
);

-- CreateIndex
CREATE INDEX "number_list_account_id_created_at_id_idx" ON "number_list"("account_id", "created_at" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "opt_out_tally" ADD CONSTRAINT "opt_out_tally_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "number_list" ADD CONSTRAINT "number_list_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

-- Parts of numbers and of texts are found by index (pg_trgm), within one account (btree_gin). Both come with PostgreSQL and
-- may be installed by the database's owner.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- Lists have counted so far.
INSERT INTO "opt_out_tally" ("account_id", "change") SELECT "account_id", count(*) FROM "opt_out" GROUP BY "account_id";

-- Replies that wait for a person; as few as there are.
CREATE INDEX "reply_review_idx" ON "reply"("account_id", "received_at" DESC, "id" DESC)
    WHERE "verdict" = 'REVIEW' AND "review_decision" IS NULL;

ALTER TABLE "reply" ADD CONSTRAINT "reply_review_decision_check"
    CHECK (("review_decision" IS NULL) = ("reviewed_at" IS NULL) AND ("review_decision" IS NULL OR "verdict" = 'REVIEW'));

-- Each line of an import is updated once, when it has been worked through: room for that on its own page.
ALTER TABLE "number_list_line" SET (fillfactor = 70);
