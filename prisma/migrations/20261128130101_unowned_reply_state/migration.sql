-- A certain opt-out that belongs to no account waits for the staff, who assign it or say why not
-- (docs/decisions/0022-one-form-of-sender-numbers.md).

-- CreateEnum
CREATE TYPE "unowned_reply_state" AS ENUM ('KEPT', 'WAITING', 'ASSIGNED', 'NOTED');

-- AlterTable
ALTER TABLE "unowned_reply"
    ADD COLUMN "state" "unowned_reply_state" NOT NULL DEFAULT 'KEPT',
    ADD COLUMN "assigned_account_id" INTEGER,
    ADD COLUMN "decided_by" INTEGER,
    ADD COLUMN "decided_at" TIMESTAMPTZ(6),
    ADD COLUMN "decision_reason" TEXT;

-- Those that came before have waited, unseen, as well. A network's own name cannot be blocked, so nothing waits there.
UPDATE "unowned_reply" SET "state" = 'WAITING' WHERE "verdict" = 'OPT_OUT' AND "msisdn" ~ '^[0-9]{8,15}$';

-- CreateIndex
CREATE INDEX "unowned_reply_state_received_at_id_idx" ON "unowned_reply"("state", "received_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "unowned_reply_search_idx" ON "unowned_reply" USING GIN ("text" gin_trgm_ops, "msisdn" gin_trgm_ops);

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

-- A decision has its person, its time and its reason, and nothing else has.
ALTER TABLE "unowned_reply" ADD CONSTRAINT "unowned_reply_decision_check" CHECK (
    ("state" IN ('ASSIGNED', 'NOTED'))
        = ("decided_by" IS NOT NULL AND "decided_at" IS NOT NULL AND coalesce("decision_reason", '') <> '')
    AND ("state" = 'ASSIGNED') = ("assigned_account_id" IS NOT NULL)
);
