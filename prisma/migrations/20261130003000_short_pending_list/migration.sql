-- New entries of a GIN index wait in a list, and whoever makes it too long sorts all of it in, within their own statement: at
-- 4 MB, the default, that is half a second in which a batch of an import keeps others waiting for its numbers. In parts it is
-- 20 ms each, and no more in all (docs/decisions/0061-first-load-and-lists.md).
ALTER INDEX "opt_out_number_parts_idx" SET (gin_pending_list_limit = 128);
