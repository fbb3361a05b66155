-- A trial account sends to its own confirmed number alone; both doors of the gate hold it.
ALTER TABLE "account" ADD COLUMN "trial_msisdn" TEXT COLLATE "C";
ALTER TABLE "account" ADD CONSTRAINT "account_trial_msisdn_check" CHECK ("trial_msisdn" ~ '^[0-9]{8,15}$');

-- The provider's own SMSs to people about their sign-in.
ALTER TYPE "message_kind" ADD VALUE 'SERVICE';
