ALTER TABLE "webhook_endpoint" ADD COLUMN "held_until" TIMESTAMPTZ(6);

-- The log by state: the newest of the few that wait, or were given up, among very many.
CREATE INDEX "webhook_delivery_waiting_idx" ON "webhook_delivery"("account_id", "endpoint_id", "id")
    WHERE "next_attempt_at" IS NOT NULL;
CREATE INDEX "webhook_delivery_failed_idx" ON "webhook_delivery"("account_id", "endpoint_id", "id")
    WHERE "state" = 'FAILED';
