-- A list of consents whose file says of each number when and how it consented.

-- AlterTable
ALTER TABLE "number_list_block" ADD COLUMN "given_ats" TEXT[], ADD COLUMN "sources" TEXT[];
