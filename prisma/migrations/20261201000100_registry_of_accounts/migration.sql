-- The entries of one account are compared with each of its answers; without an index of their own that would read the five million
-- of the whole industry. Those are not in it.
CREATE INDEX "registry_entry_marketer_idx" ON "registry_entry" ("marketer_id", "msisdn") WHERE "marketer_id" <> 0;
