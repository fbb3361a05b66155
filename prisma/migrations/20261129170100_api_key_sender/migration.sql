-- AlterTable
ALTER TABLE "api_key" ADD COLUMN "sender_number" TEXT;
