-- How long opt-outs took to come into force, counted by minute and length, of all processes together.
CREATE TABLE "time_to_honour" (
    "minute" TIMESTAMPTZ(6) NOT NULL,
    "up_to_ms" INTEGER NOT NULL,
    "replies" INTEGER NOT NULL,

    CONSTRAINT "time_to_honour_pkey" PRIMARY KEY ("minute", "up_to_ms")
);
