-- Nobody knows whether the network took it: it costs what it cost, and the moment of the doubt is kept.
ALTER TABLE "message" ADD CONSTRAINT "message_in_doubt_check"
    CHECK ("status" <> 'IN_DOUBT' OR "doubted_at" IS NOT NULL);
-- Those in doubt, and those that were. It does not depend on the status, so that a delivery changes none of its columns
-- and stays within the row's own page.
CREATE INDEX "message_doubted_idx" ON "message"("account_id", "created_at" DESC, "id" DESC)
    WHERE "doubted_at" IS NOT NULL;
