-- What programs were answered under an idempotency key (docs/decisions/0042-api-v2.md).

-- CreateTable
CREATE TABLE "api_answer" (
    "account_id" INTEGER NOT NULL,
    "key_id" INTEGER NOT NULL,
    "idempotency_key" TEXT COLLATE "C" NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER,
    "content_type" TEXT,
    "body" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "leased_until" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "api_answer_pkey" PRIMARY KEY ("account_id", "key_id", "idempotency_key")
);

-- CreateIndex: what a day is over for.
CREATE INDEX "api_answer_created_at_idx" ON "api_answer"("created_at");

-- AddForeignKey
ALTER TABLE "api_answer" ADD CONSTRAINT "api_answer_account_id_fkey"
    FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;
