-- Sender numbers are compared byte by byte, as in every other table.
ALTER TABLE "api_key" ALTER COLUMN "sender_number" TYPE TEXT COLLATE "C";
