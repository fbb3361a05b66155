ALTER TABLE "webhook_endpoint" ADD COLUMN "held_until" TIMESTAMPTZ(6);

-- The log by state: the newest of the few that wait, or were given up, among very many that were delivered. Its condition
-- is of the state, so that nothing chooses it in place of webhook_delivery_order_idx: to a planner without statistics
-- both look alike, and it reads all that waits for each that is looked at.
CREATE INDEX "webhook_delivery_state_idx" ON "webhook_delivery"("account_id", "endpoint_id", "state", "id")
    WHERE "state" <> 'DELIVERED';
