-- What a month of marketing was, of days and weeks that can no longer change (docs/decisions/0064-a-month-at-a-glance.md). Days that
-- were counted before have none, and are counted anew when somebody looks.

-- AlterTable
ALTER TABLE "account_day" ADD COLUMN "marketing" JSONB;

-- CreateTable
CREATE TABLE "account_week" (
    "account_id" INTEGER NOT NULL,
    "week" DATE NOT NULL,
    "time_zone" TEXT NOT NULL,
    "numbers" JSONB NOT NULL,

    CONSTRAINT "account_week_pkey" PRIMARY KEY ("account_id", "week")
);

-- AddForeignKey
ALTER TABLE "account_week" ADD CONSTRAINT "account_week_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;
