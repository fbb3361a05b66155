-- CreateEnum
CREATE TYPE "webhook_source" AS ENUM ('REPLY', 'OPT_OUT');

-- A batch takes one number and leaves those after it to its deliveries. Numbers drawn before lie below.
ALTER SEQUENCE "webhook_delivery_id_seq" INCREMENT BY 1000;

-- CreateTable
CREATE TABLE "webhook_batch" (
    "account_id" INTEGER NOT NULL,
    "endpoint_id" INTEGER NOT NULL,
    "id" BIGINT NOT NULL DEFAULT nextval('webhook_delivery_id_seq'::regclass),
    "source" "webhook_source" NOT NULL,
    "subject_ids" BIGINT[],
    "created_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "webhook_batch_pkey" PRIMARY KEY ("account_id", "endpoint_id", "id")
);
