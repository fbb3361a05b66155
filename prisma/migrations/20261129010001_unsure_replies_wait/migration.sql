-- Those that came before wait, too. A network's own name cannot be blocked, so nothing waits there.
UPDATE "unowned_reply" SET "state" = 'UNSURE'
WHERE "state" = 'KEPT' AND "verdict" = 'REVIEW' AND "msisdn" ~ '^[0-9]{8,15}$';
