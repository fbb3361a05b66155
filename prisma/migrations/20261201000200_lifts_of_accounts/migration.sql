-- Who left with an answer of one account is asked beside the lifted entries of the whole industry, which are millions after some years
-- and are not in this index.
CREATE INDEX "registry_lift_marketer_idx" ON "registry_lift" ("marketer_id", "lifted_import_id") WHERE "marketer_id" <> 0;
