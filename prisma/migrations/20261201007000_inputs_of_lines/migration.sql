-- A number that is written as one dials it at home, 0821234567, has no input: it is said by the number itself.
-- An array ends with its last value that is not null.
CREATE OR REPLACE VIEW "number_list_line" AS
SELECT "account_id", "list_id", "first_position", ("first_position" + "place" - 1)::integer AS "position", "line",
    coalesce("input", '0' || substr("msisdn", 3)) COLLATE "default" AS "input", "msisdn", "problem", "outcome"
FROM "number_list_block", unnest("lines", "inputs", "msisdns", "problems", "outcomes") WITH ORDINALITY
    AS "line"("line", "input", "msisdn", "problem", "outcome", "place");
