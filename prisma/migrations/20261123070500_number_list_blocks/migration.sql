-- The lines of a number list, a thousand in a row (docs/decisions/0013-number-lists.md). COLLATE "C" on numbers, and what stands
-- below the next rule, are ours; the rest is the schema engine's.

-- CreateTable
CREATE TABLE "number_list_block" (
    "account_id" INTEGER NOT NULL,
    "list_id" BIGINT NOT NULL,
    "first_line" INTEGER NOT NULL,
    "lines" INTEGER[],
    "inputs" TEXT[],
    "msisdns" TEXT[] COLLATE "C",
    "problems" TEXT[] COLLATE "C",
    "outcomes" "number_list_outcome"[],

    CONSTRAINT "number_list_block_pkey" PRIMARY KEY ("account_id","list_id","first_line")
);

INSERT INTO "number_list_block"
SELECT "account_id", "list_id", min("line"), array_agg("line" ORDER BY "line"), array_agg("input" ORDER BY "line"),
    array_agg("msisdn" ORDER BY "line"), array_agg("problem" ORDER BY "line"), array_agg("outcome" ORDER BY "line")
FROM (
    SELECT *, (row_number() OVER (PARTITION BY "account_id", "list_id" ORDER BY "line") - 1) / 1000 AS "block" FROM "number_list_line"
) AS "line"
GROUP BY "account_id", "list_id", "block";

-- DropTable
DROP TABLE "number_list_line";

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

-- Digits are hard to compress, and it takes a third as long again.
ALTER TABLE "number_list_block" ALTER COLUMN "inputs" SET STORAGE EXTERNAL, ALTER COLUMN "msisdns" SET STORAGE EXTERNAL;

-- The lines one by one, to be read; in their order by first_line, line.
CREATE VIEW "number_list_line" AS
SELECT "account_id", "list_id", "first_line", "line", "input", "msisdn", "problem", "outcome"
FROM "number_list_block", unnest("lines", "inputs", "msisdns", "problems", "outcomes")
    AS "line"("line", "input", "msisdn", "problem", "outcome");
