-- One form of every sender number (docs/decisions/0022-one-form-of-sender-numbers.md). A number stored as 087… and a reply to
-- 2787… were two numbers, and the reply nobody's.

-- The rules of lib/sms/sender-number.ts, for what a carrier or a person writes in ASCII; a test holds the two together. One
-- function that calls none of ours, so that a dump can be restored whatever the search path.
CREATE FUNCTION "read_sender_number"("written" TEXT) RETURNS TEXT
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    digits TEXT;
    international BOOLEAN;
    national TEXT;
BEGIN
    IF length(written) > 100 OR written !~ '^[-+0-9 ()./]+$' OR written !~ '[0-9]' THEN
        RETURN btrim(written);
    END IF;
    digits := regexp_replace(regexp_replace(written, '\(0\)', ''), '[^0-9]', '', 'g');
    international := digits ~ '^00+[1-9]' OR (written ~ '\+' AND digits !~ '^0');
    IF international THEN
        digits := ltrim(digits, '0');
    END IF;
    national := CASE
        WHEN digits ~ '^0' THEN substr(digits, 2)
        WHEN NOT international AND length(digits) <= 6 THEN NULL
        WHEN NOT international AND length(digits) = 9 THEN digits
        WHEN digits ~ '^27' THEN regexp_replace(substr(digits, 3), '^0', '')
    END;
    IF national ~ '^[1-9][0-9]{8}$' THEN
        RETURN '27' || national;
    ELSIF national ~ '^[1-9][0-9]{2,5}$' THEN
        RETURN national;
    ELSIF international AND length(digits) = 9 THEN
        RETURN '+' || digits;
    END IF;
    RETURN digits;
END
$$;

DO $$
DECLARE
    twice TEXT;
    -- The writings that are stored. Most numbers are in the one form already, which a pattern sees sooner than the function.
    writings TEXT[];
    usual CONSTANT TEXT := '^(27[1-9][0-9]{8}|[1-9][0-9]{2,5})$';
BEGIN
    SELECT string_agg(number, ' and ' ORDER BY number) INTO twice
    FROM sender_number
    GROUP BY read_sender_number(number)
    HAVING count(DISTINCT coalesce(account_id, 0)) > 1
    LIMIT 1;
    IF twice IS NOT NULL THEN
        RAISE EXCEPTION 'The sender numbers % are one number in two writings, with two owners. Delete one of them from sender_number, then migrate again.', twice;
    END IF;

    SELECT array_agg(DISTINCT number) INTO writings
    FROM (
        SELECT number FROM sender_number
        UNION ALL
        SELECT sender_number FROM conversation WHERE sender_number !~ usual
        UNION ALL
        SELECT sender_number FROM unowned_reply WHERE sender_number !~ usual
    ) AS stored
    WHERE number <> read_sender_number(number);
    IF writings IS NULL THEN
        RETURN;
    END IF;

    INSERT INTO sender_number (number, kind, account_id, enabled)
    SELECT read_sender_number(number), min(kind), min(account_id), bool_or(enabled)
    FROM sender_number WHERE number = ANY (writings)
    GROUP BY read_sender_number(number)
    ON CONFLICT (number) DO UPDATE SET enabled = sender_number.enabled OR excluded.enabled;
    DELETE FROM sender_number WHERE number = ANY (writings);

    INSERT INTO conversation (msisdn, sender_number, account_id, last_message_at, last_message_id)
    SELECT msisdn, read_sender_number(sender_number), account_id, max(last_message_at),
        (array_agg(last_message_id ORDER BY last_message_at DESC))[1]
    FROM conversation WHERE sender_number = ANY (writings)
    GROUP BY msisdn, read_sender_number(sender_number), account_id
    ON CONFLICT (msisdn, sender_number, account_id) DO UPDATE
        SET last_message_at = excluded.last_message_at, last_message_id = excluded.last_message_id
        WHERE conversation.last_message_at < excluded.last_message_at;
    DELETE FROM conversation WHERE sender_number = ANY (writings);

    -- What was sent and received, so that an answer finds its question, and one number is one number in every list. The
    -- history, which nobody may change, keeps the writing of its time.
    UPDATE message SET sender_number = read_sender_number(sender_number) WHERE sender_number = ANY (writings);
    UPDATE reply SET sender_number = read_sender_number(sender_number) WHERE sender_number = ANY (writings);
    UPDATE opt_out SET sender_number = read_sender_number(sender_number) WHERE sender_number = ANY (writings);
    UPDATE unowned_reply SET sender_number = read_sender_number(sender_number) WHERE sender_number = ANY (writings);
    UPDATE simulator_message SET sender_number = read_sender_number(sender_number) WHERE sender_number = ANY (writings);
END
$$;

-- Whoever enters a number by hand in another writing is told so, instead of waiting for replies that never find it.
ALTER TABLE "sender_number" ADD CONSTRAINT "sender_number_in_one_form" CHECK ("number" = read_sender_number("number"));
