-- Cleansing by each account, its registration as a direct marketer, and its trading names (docs/decisions/0062-cleansing.md).

-- CreateEnum
CREATE TYPE "marketing_text_policy" AS ENUM ('ADVISE', 'REFUSE');

-- AlterTable
ALTER TABLE "account" ADD COLUMN "trading_names" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN "cleansed_on" DATE,
ADD COLUMN "registration_ends_on" DATE;

-- AlterTable
ALTER TABLE "platform_setting" ADD COLUMN "industry_cleansed_on" DATE,
ADD COLUMN "cleansing_days" INTEGER NOT NULL DEFAULT 31,
ADD COLUMN "cleansing_required_from" DATE,
ADD COLUMN "registration_required_from" DATE,
ADD COLUMN "marketing_text_policy" "marketing_text_policy" NOT NULL DEFAULT 'ADVISE';

-- AlterTable
ALTER TABLE "registry_import" ADD COLUMN "file_hash" TEXT;

-- CreateTable
CREATE TABLE "cleansing" (
    "account_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "import_id" BIGINT NOT NULL,
    "as_of" DATE NOT NULL,
    "name" TEXT NOT NULL,
    "file_hash" TEXT,
    "lines" INTEGER NOT NULL,
    "matched" INTEGER NOT NULL,
    "came" INTEGER NOT NULL,
    "gone" INTEGER NOT NULL,
    "uploaded_by" INTEGER,
    "uploaded_at" TIMESTAMPTZ(6) NOT NULL,
    "in_force_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "cleansing_pkey" PRIMARY KEY ("account_id", "id")
);

-- CreateTable
CREATE TABLE "marketer_registration" (
    "account_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "number" TEXT COLLATE "C" NOT NULL,
    "ends_on" DATE NOT NULL,
    "created_by" INTEGER,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "marketer_registration_pkey" PRIMARY KEY ("account_id", "id")
);

-- The answers of one account, beside those of thousands of others.
-- CreateIndex
CREATE INDEX "registry_import_marketer_idx" ON "registry_import"("marketer_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "cleansing_account_id_import_id_key" ON "cleansing"("account_id", "import_id");

-- AddForeignKey
ALTER TABLE "cleansing" ADD CONSTRAINT "cleansing_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "marketer_registration" ADD CONSTRAINT "marketer_registration_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

-- An answer for the whole industry that is in force counts for everyone.
UPDATE "platform_setting" SET "industry_cleansed_on" = (
    SELECT max("answered_on") FROM "registry_import" WHERE "marketer_id" = 0 AND "state" = 'DONE'
);

CREATE TRIGGER "cleansing_append_only" BEFORE UPDATE OR DELETE ON "cleansing"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "marketer_registration_append_only" BEFORE UPDATE OR DELETE ON "marketer_registration"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- One of a marketer is put in force at a time: what one brings another could lift. Those of different marketers have no row in common.
DROP INDEX "registry_import_one_at_a_time";
CREATE UNIQUE INDEX "registry_import_one_at_a_time" ON "registry_import" ("marketer_id") WHERE "state" IN ('QUEUED', 'RUNNING');
