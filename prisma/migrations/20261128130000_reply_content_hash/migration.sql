-- A carrier that begins to count again gives an id a second time, to another reply: a receipt is of an id and of a content.
--
-- What stood here before says nothing of its content. It gets a hash that no content has, so that whatever is handed in again
-- under its id counts as new: a reply that is stored twice annoys, a "Stop" that is taken for another reply blocks nobody.
-- The default is constant, so the table is not written anew; the old program, which knows no hash, goes on working beside it.

ALTER TABLE "carrier_receipt" ADD COLUMN "content_hash" UUID NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000';

CREATE UNIQUE INDEX "carrier_receipt_content_key"
    ON "carrier_receipt"("msisdn", "carrier", "carrier_message_id", "content_hash");

ALTER TABLE "carrier_receipt"
    DROP CONSTRAINT "carrier_receipt_pkey",
    ADD CONSTRAINT "carrier_receipt_pkey" PRIMARY KEY USING INDEX "carrier_receipt_content_key";
