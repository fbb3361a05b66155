-- AlterTable
ALTER TABLE "account" ADD COLUMN "honours_family_opt_outs" BOOLEAN NOT NULL DEFAULT false;

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

-- The main account decides for all of them.
ALTER TABLE "account" ADD CONSTRAINT "account_honours_family_opt_outs_check"
    CHECK (NOT "honours_family_opt_outs" OR "parent_account_id" IS NULL);
