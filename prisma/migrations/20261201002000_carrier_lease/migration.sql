-- One worker at a time hands over to a carrier (docs/decisions/0065-one-worker-for-a-carrier.md).

-- CreateTable
CREATE TABLE "carrier_lease" (
    "carrier" TEXT COLLATE "C" NOT NULL,
    "worker" TEXT NOT NULL,
    "held_until" TIMESTAMPTZ(6) NOT NULL,
    "condition" TEXT NOT NULL,

    CONSTRAINT "carrier_lease_pkey" PRIMARY KEY ("carrier")
);

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

ALTER TABLE "carrier_lease" ADD CONSTRAINT "carrier_lease_condition_check"
    CHECK ("condition" IN ('usable', 'probing', 'out'));
