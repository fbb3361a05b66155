-- AlterEnum
ALTER TYPE "credit_entry_kind" ADD VALUE 'TRANSFER';

-- AlterTable
ALTER TABLE "account" ADD COLUMN "parent_account_id" INTEGER;

-- AlterTable
ALTER TABLE "credit_balance" ADD COLUMN "last_entry_at" TIMESTAMPTZ(6),
ADD COLUMN "warned_at" TIMESTAMPTZ(6),
ADD COLUMN "warning_level" BIGINT;

-- AlterTable
ALTER TABLE "credit_entry" ADD COLUMN "balance_after" BIGINT,
ADD COLUMN "other_account_id" INTEGER,
ADD COLUMN "reference" TEXT,
ADD COLUMN "request_id" UUID;

-- What each entry left, in the order of the list.
ALTER TABLE "credit_entry" DISABLE TRIGGER "credit_entry_append_only";
UPDATE "credit_entry" SET "balance_after" = "running"."credits"
FROM (
    SELECT "account_id", "id",
        sum("amount") OVER (PARTITION BY "account_id" ORDER BY "created_at", "id") AS "credits"
    FROM "credit_entry"
) AS "running"
WHERE "credit_entry"."account_id" = "running"."account_id" AND "credit_entry"."id" = "running"."id";
ALTER TABLE "credit_entry" ENABLE TRIGGER "credit_entry_append_only";
ALTER TABLE "credit_entry" ALTER COLUMN "balance_after" SET NOT NULL;

UPDATE "credit_balance" SET "last_entry_at" = "last"."at"
FROM (SELECT "account_id", max("created_at") AS "at" FROM "credit_entry" GROUP BY "account_id") AS "last"
WHERE "credit_balance"."account_id" = "last"."account_id";

-- CreateIndex
CREATE INDEX "account_parent_account_id_idx" ON "account"("parent_account_id");

-- CreateIndex
CREATE INDEX "credit_entry_account_id_created_at_id_idx" ON "credit_entry"("account_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "credit_entry_account_id_kind_created_at_id_idx" ON "credit_entry"("account_id", "kind", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "credit_entry_account_id_request_id_key" ON "credit_entry"("account_id", "request_id");

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_parent_account_id_fkey" FOREIGN KEY ("parent_account_id") REFERENCES "account"("id") ON DELETE SET NULL ON UPDATE NO ACTION;

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

ALTER TABLE "account" ADD CONSTRAINT "account_parent_account_id_check" CHECK ("parent_account_id" <> "id");

ALTER TABLE "credit_balance" ADD CONSTRAINT "credit_balance_warning_level_check" CHECK ("warning_level" > 0);

-- Top-ups and transfers alone have a reference: a search among them does not read the ledger.
CREATE INDEX "credit_entry_reference_idx" ON "credit_entry" USING gin ("account_id", "reference" gin_trgm_ops)
    WHERE "reference" IS NOT NULL;
