-- CreateTable
CREATE TABLE "account_day" (
    "account_id" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "time_zone" TEXT NOT NULL,
    "messages" INTEGER NOT NULL,
    "delivered" INTEGER NOT NULL,
    "blocked" INTEGER NOT NULL,
    "failed" INTEGER NOT NULL,
    "credits" BIGINT NOT NULL,
    "replies" INTEGER NOT NULL,
    "opt_outs" INTEGER NOT NULL,
    "texts" JSONB NOT NULL,

    CONSTRAINT "account_day_pkey" PRIMARY KEY ("account_id","day")
);

-- AddForeignKey
ALTER TABLE "account_day" ADD CONSTRAINT "account_day_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

-- The opt-outs that a reply made, by time. Partial, so that an import of a million numbers does not pay for it.
CREATE INDEX "opt_out_event_reply_idx" ON "opt_out_event"("account_id", "created_at")
    WHERE "kind" = 'OPTED_OUT' AND "evidence" ? 'replyId';
