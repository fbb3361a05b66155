-- Filters that are as fast when next to nothing meets them (docs/decisions/0012-searching-lists.md). None of this is in
-- prisma/schema.prisma, which knows neither partial indexes nor expressions in them.

-- The kind beside the rule: for "by an own keyword" and "by import" together, which nothing is, a million were read. For the
-- rule alone the kinds, of which there are six, are merged.
DROP INDEX "opt_out_rule_group_idx";
CREATE INDEX "opt_out_rule_group_idx" ON "opt_out"("account_id", (split_part("rule", ':', 1)), "kind", "created_at" DESC, "id" DESC)
    WHERE "rule" IS NOT NULL;

-- Failed messages (and those that are tried again) without the blocked, of which there are far more.
CREATE INDEX "message_failed_idx" ON "message"("account_id", "created_at" DESC, "id" DESC)
    WHERE "reason" <> 'Opted out: this number is on your Auto Opt-Outs list.';

-- Whether there are sent or delivered messages, or were, in each half a megabyte of the table. Of all kinds of indexes only this
-- one lets an update stay within its page (HOT; from PostgreSQL 16 on), so that a delivery writes no other index because of it.
-- It learns and never forgets; refreshStatusIndex (lib/messages/status-index.ts) makes it look anew.
CREATE INDEX "message_status_idx" ON "message" USING brin ((("status" = 'SENT')::int), (("status" = 'DELIVERED')::int))
    WITH (pages_per_range = 64);
