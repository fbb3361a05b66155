-- What was cancelled costs nothing, as what was blocked, and only what was scheduled can be.
ALTER TABLE "message" DROP CONSTRAINT "message_cost_check";
ALTER TABLE "message" ADD CONSTRAINT "message_cost_check"
    CHECK ("cost" >= 0 AND ("status" NOT IN ('BLOCKED', 'CANCELLED') OR "cost" = 0));
ALTER TABLE "message" ADD CONSTRAINT "message_cancelled_check"
    CHECK ("status" <> 'CANCELLED' OR "scheduled_at" IS NOT NULL AND "next_attempt_at" IS NULL);
