-- What a delivery costs those who receive replies, who write 550 of them for a batch of 500
-- (docs/decisions/0045-speed-of-replies-and-webhooks.md).

-- A delivery is found by its endpoint, and so are the newest of one: one index serves for both.
ALTER TABLE "webhook_delivery"
    DROP CONSTRAINT "webhook_delivery_pkey",
    ADD CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("account_id", "endpoint_id", "id");
DROP INDEX "webhook_delivery_account_id_endpoint_id_id_idx";

-- A delivery is made of its endpoint's row, in the statement that reads that, and an endpoint stays while it has any.
ALTER TABLE "webhook_delivery" DROP CONSTRAINT "webhook_delivery_account_id_endpoint_id_fkey";
