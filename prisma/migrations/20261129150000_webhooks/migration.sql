-- What is told to programs of an account over HTTP (docs/decisions/0040-webhooks.md).

-- CreateEnum
CREATE TYPE "webhook_state" AS ENUM ('ACTIVE', 'PAUSED', 'PAUSED_BY_FAILURES');

-- CreateEnum
CREATE TYPE "webhook_delivery_state" AS ENUM ('WAITING', 'SENDING', 'DELIVERED', 'FAILED');

-- CreateTable
CREATE TABLE "webhook_endpoint" (
    "account_id" INTEGER NOT NULL,
    "id" SERIAL NOT NULL,
    "handle" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "events" TEXT[],
    "with_texts" BOOLEAN NOT NULL,
    "in_order" BOOLEAN NOT NULL,
    "state" "webhook_state" NOT NULL DEFAULT 'ACTIVE',
    "sealed_secret" TEXT NOT NULL,
    "generation" INTEGER NOT NULL DEFAULT 1,
    "previous_secret" TEXT,
    "previous_until" TIMESTAMPTZ(6),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failing_since" TIMESTAMPTZ(6),
    "retry_at" TIMESTAMPTZ(6) NOT NULL,
    "reason" TEXT,
    "paused_at" TIMESTAMPTZ(6),
    "created_by" INTEGER,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "removed_at" TIMESTAMPTZ(6),

    CONSTRAINT "webhook_endpoint_pkey" PRIMARY KEY ("account_id", "id")
);

-- CreateTable
CREATE TABLE "webhook_delivery" (
    "account_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "endpoint_id" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "msisdn" TEXT COLLATE "C",
    "data" JSONB NOT NULL,
    "state" "webhook_delivery_state" NOT NULL DEFAULT 'WAITING',
    "next_attempt_at" TIMESTAMPTZ(6),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "attempted_at" TIMESTAMPTZ(6),
    "duration_ms" INTEGER,
    "status_code" INTEGER,
    "answer" TEXT,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("account_id", "id")
);

-- CreateIndex
CREATE UNIQUE INDEX "webhook_endpoint_account_id_handle_key" ON "webhook_endpoint"("account_id", "handle");

-- CreateIndex
CREATE INDEX "webhook_delivery_account_id_endpoint_id_id_idx" ON "webhook_delivery"("account_id", "endpoint_id", "id" DESC);

-- AddForeignKey
ALTER TABLE "webhook_endpoint" ADD CONSTRAINT "webhook_endpoint_account_id_fkey"
    FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_account_id_endpoint_id_fkey"
    FOREIGN KEY ("account_id", "endpoint_id") REFERENCES "webhook_endpoint"("account_id", "id") ON DELETE RESTRICT ON UPDATE NO ACTION;

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

ALTER TABLE "webhook_endpoint" ADD CONSTRAINT "webhook_endpoint_previous_check"
    CHECK (("previous_secret" IS NULL) = ("previous_until" IS NULL));
-- Due ones; and of a number, whether one before it is still to be delivered.
CREATE INDEX "webhook_delivery_due_idx" ON "webhook_delivery"("account_id", "endpoint_id", "next_attempt_at", "id")
    WHERE "next_attempt_at" IS NOT NULL;
CREATE INDEX "webhook_delivery_order_idx" ON "webhook_delivery"("account_id", "endpoint_id", "msisdn", "id")
    WHERE "next_attempt_at" IS NOT NULL;
-- For their removal after their time.
CREATE INDEX "webhook_delivery_created_at_idx" ON "webhook_delivery" USING brin ("created_at");
