-- Messages that wait for the time they are scheduled for, and can be cancelled until then.

-- AlterEnum: used from the next migration on, since a new value cannot be used in the transaction that adds it.
ALTER TYPE "message_status" ADD VALUE 'CANCELLED';

-- AlterTable
ALTER TABLE "message" ADD COLUMN "scheduled_at" TIMESTAMPTZ(6);

-- AlterTable
ALTER TABLE "message_batch" ADD COLUMN "send_at" TIMESTAMPTZ(6);

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

-- What is scheduled, by its time; and what was, for those that were cancelled. Neither depends on a status, so that a
-- delivery changes none of their columns and stays within the row's own page.
CREATE INDEX "message_scheduled_idx" ON "message"("account_id", "scheduled_at", "id")
    WHERE "scheduled_at" IS NOT NULL AND "next_attempt_at" IS NOT NULL;
CREATE INDEX "message_was_scheduled_idx" ON "message"("account_id", "created_at" DESC, "id" DESC)
    WHERE "scheduled_at" IS NOT NULL AND "next_attempt_at" IS NULL;
