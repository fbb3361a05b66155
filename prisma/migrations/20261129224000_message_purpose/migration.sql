-- What a message is for (docs/decisions/0056-purpose-of-a-message.md). The columns of the large tables are null in the rows that
-- are there, which are not written for it: nobody said what those messages were for, and a guess would be no proof.

-- CreateEnum
CREATE TYPE "message_purpose" AS ENUM ('MARKETING', 'SERVICE');

-- AlterTable
ALTER TABLE "account" ADD COLUMN "default_purpose" "message_purpose" NOT NULL DEFAULT 'MARKETING';

-- AlterTable
ALTER TABLE "message" ADD COLUMN "purpose" "message_purpose";

-- AlterTable
ALTER TABLE "message_batch" ADD COLUMN "purpose" "message_purpose";

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

-- Not valid: held for every row that is written from now on, and the rows that are there, all null, are not read for it.
ALTER TABLE "message" ADD CONSTRAINT "message_purpose_check" CHECK ("purpose" IS NULL OR "kind" = 'NORMAL') NOT VALID;

-- Whether there are any of a purpose in each half a megabyte of the table, for the account that hardly ever sends one of them. Beside
-- an index of this kind an update stays within the row's page. Without "not distinct" all would be null at first, and of nulls alone
-- the planner knows too little to choose it.
CREATE INDEX "message_purpose_idx" ON "message" USING brin (
    (("purpose" IS NOT DISTINCT FROM 'MARKETING')::int), (("purpose" IS NOT DISTINCT FROM 'SERVICE')::int))
    WITH (pages_per_range = 64);
