-- A line of a number list can hold several numbers (docs/decisions/0023-columns-of-a-list.md). They are counted, and each has a
-- position in its list. Blocks that are there have a line for each number, and lines only grow: the first line of a block serves
-- as its first position, and no position is given twice.

-- AlterTable
ALTER TABLE "number_list" ADD COLUMN "numbers" INTEGER NOT NULL DEFAULT 0;
UPDATE "number_list" SET "numbers" = "lines";

DROP VIEW "number_list_line";
ALTER TABLE "number_list_block" RENAME COLUMN "first_line" TO "first_position";

CREATE VIEW "number_list_line" AS
SELECT "account_id", "list_id", "first_position", ("first_position" + "place" - 1)::integer AS "position", "line", "input", "msisdn",
    "problem", "outcome"
FROM "number_list_block", unnest("lines", "inputs", "msisdns", "problems", "outcomes") WITH ORDINALITY
    AS "line"("line", "input", "msisdn", "problem", "outcome", "place");

-- An import that is under way has been worked through up to a line; from now on that is a position.
UPDATE "number_list" SET "processed" = coalesce((
    SELECT max("position") FROM "number_list_line" AS "line"
    WHERE "line"."account_id" = "number_list"."account_id" AND "line"."list_id" = "number_list"."id"
        AND "line"."line" <= "number_list"."processed"
), 0)
WHERE "state" IN ('QUEUED', 'RUNNING') AND "processed" > 0;
