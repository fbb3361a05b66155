-- Replies that could not be recorded for a reason of their own, with all their bytes
-- (docs/decisions/0076-replies-that-cannot-be-recorded.md). Nothing here is refused for what is in it: no foreign keys, no checks.

-- CreateEnum
CREATE TYPE "carrier_door" AS ENUM ('BOX', 'KANNEL', 'CARRIER');

-- CreateTable
CREATE TABLE "set_aside_reply" (
    "id" BIGSERIAL NOT NULL,
    "carrier" TEXT COLLATE "C" NOT NULL,
    "door" "carrier_door" NOT NULL,
    "content" BYTEA NOT NULL,
    "content_type" TEXT,
    "content_hash" UUID NOT NULL,
    "msisdn" TEXT COLLATE "C",
    "sender_number" TEXT COLLATE "C",
    "text" TEXT,
    "verdict" "verdict" NOT NULL,
    "received_at" TIMESTAMPTZ(6) NOT NULL,
    "fault" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "tried_at" TIMESTAMPTZ(6) NOT NULL,
    "decided_by" INTEGER,
    "decided_at" TIMESTAMPTZ(6),
    "decision_reason" TEXT,

    CONSTRAINT "set_aside_reply_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "set_aside_reply_carrier_content_hash_key" ON "set_aside_reply"("carrier", "content_hash");
