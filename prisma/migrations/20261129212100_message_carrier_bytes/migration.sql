-- Names of carriers are compared byte by byte, as in every other table.
ALTER TABLE "message" ALTER COLUMN "carrier" TYPE TEXT COLLATE "C";
