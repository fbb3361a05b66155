-- Several carriers at once, with routes as data, and messages of which nobody knows whether they were taken
-- (docs/decisions/0047-carriers-and-doubt.md).

-- AlterEnum: used from the next migration on, since a new value cannot be used in the transaction that adds it.
ALTER TYPE "message_status" ADD VALUE 'IN_DOUBT';

-- CreateEnum
CREATE TYPE "carrier_kind" AS ENUM ('SIMULATOR', 'KANNEL');

-- CreateEnum
CREATE TYPE "carrier_state" AS ENUM ('ACTIVE', 'PAUSED', 'DRAINING');

-- CreateEnum
CREATE TYPE "doubt_policy" AS ENUM ('SEND_AGAIN', 'HOLD');

-- AlterTable
ALTER TABLE "message"
    ADD COLUMN "carrier" TEXT,
    ADD COLUMN "doubted_at" TIMESTAMPTZ(6);

-- AlterTable
ALTER TABLE "platform_setting" ADD COLUMN "doubt_policy" "doubt_policy" NOT NULL DEFAULT 'SEND_AGAIN';

-- CreateTable
CREATE TABLE "carrier" (
    "name" TEXT COLLATE "C" NOT NULL,
    "kind" "carrier_kind" NOT NULL,
    "state" "carrier_state" NOT NULL DEFAULT 'ACTIVE',
    "rate_per_second" INTEGER NOT NULL,
    "window_size" INTEGER NOT NULL,
    "address" TEXT,
    "username" TEXT,
    "sealed_password" TEXT,
    "from_environment" BOOLEAN NOT NULL DEFAULT false,
    "problem" TEXT,
    "problem_at" TIMESTAMPTZ(6),
    "last_reply_at" TIMESTAMPTZ(6),
    "last_receipt_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "carrier_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "carrier_route" (
    "prefix" TEXT COLLATE "C" NOT NULL,
    "carrier" TEXT COLLATE "C" NOT NULL,
    "priority" INTEGER NOT NULL DEFAULT 1,
    "weight" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "carrier_route_pkey" PRIMARY KEY ("prefix", "carrier")
);

-- CreateTable
CREATE TABLE "carrier_worker" (
    "carrier" TEXT COLLATE "C" NOT NULL,
    "worker" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(6) NOT NULL,
    "open_until" TIMESTAMPTZ(6),
    "failures" INTEGER NOT NULL,
    "handing_over" INTEGER NOT NULL,
    "errors" JSONB NOT NULL,

    CONSTRAINT "carrier_worker_pkey" PRIMARY KEY ("carrier", "worker")
);

-- CreateTable
CREATE TABLE "carrier_minute" (
    "carrier" TEXT COLLATE "C" NOT NULL,
    "minute" TIMESTAMPTZ(6) NOT NULL,
    "sent" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "retried" INTEGER NOT NULL DEFAULT 0,
    "doubted" INTEGER NOT NULL DEFAULT 0,
    "replies" INTEGER NOT NULL DEFAULT 0,
    "receipts" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "carrier_minute_pkey" PRIMARY KEY ("carrier", "minute")
);

-- AddForeignKey
ALTER TABLE "carrier_route" ADD CONSTRAINT "carrier_route_carrier_fkey"
    FOREIGN KEY ("carrier") REFERENCES "carrier"("name") ON DELETE CASCADE ON UPDATE NO ACTION;

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

ALTER TABLE "carrier" ADD CONSTRAINT "carrier_name_check" CHECK ("name" ~ '^[a-z0-9-]{1,20}$');
ALTER TABLE "carrier" ADD CONSTRAINT "carrier_limits_check" CHECK ("rate_per_second" >= 1 AND "window_size" >= 1);
ALTER TABLE "carrier" ADD CONSTRAINT "carrier_kannel_check"
    CHECK ("kind" <> 'KANNEL' OR "address" IS NOT NULL AND "username" IS NOT NULL AND "sealed_password" IS NOT NULL);
ALTER TABLE "carrier_route" ADD CONSTRAINT "carrier_route_prefix_check" CHECK ("prefix" ~ '^[0-9]{0,15}$');
ALTER TABLE "carrier_route" ADD CONSTRAINT "carrier_route_order_check"
    CHECK ("priority" BETWEEN 1 AND 100 AND "weight" BETWEEN 1 AND 1000);

-- As it was: all goes to the simulator, until a process starts whose CARRIER says otherwise.
INSERT INTO "carrier" ("name", "kind", "rate_per_second", "window_size", "from_environment", "created_at")
VALUES ('simulator', 'SIMULATOR', 500, 500, true, now());
INSERT INTO "carrier_route" ("prefix", "carrier") VALUES ('', 'simulator');
