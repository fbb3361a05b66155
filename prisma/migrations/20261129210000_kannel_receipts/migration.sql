-- No receipt came in the time that is set: no failure, and it costs what it cost.
ALTER TYPE "message_status" ADD VALUE 'NO_RECEIPT';

-- What the network has said of a message so far, a bit each (lib/messages/receipts.ts). In no index: a delivery stays within the
-- row's own page.
ALTER TABLE "message" ADD COLUMN "receipts" SMALLINT NOT NULL DEFAULT 0;

-- When a reply arrived at the gateway, which may hand over replies late and in another order.
ALTER TABLE "reply" ADD COLUMN "arrived_at" TIMESTAMPTZ(6);
ALTER TABLE "unowned_reply" ADD COLUMN "arrived_at" TIMESTAMPTZ(6);
