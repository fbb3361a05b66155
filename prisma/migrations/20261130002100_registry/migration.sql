-- The national opt-out registry (docs/decisions/0060-the-national-registry.md).

-- CreateEnum
CREATE TYPE "registry_import_state" AS ENUM ('WAITING', 'QUEUED', 'RUNNING', 'DONE', 'DISCARDED', 'FAILED');

-- CreateTable
CREATE TABLE "registry_entry" (
    "msisdn" TEXT COLLATE "C" NOT NULL,
    "marketer_id" INTEGER NOT NULL DEFAULT 0,
    "import_id" BIGINT NOT NULL,
    "listed_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "registry_entry_pkey" PRIMARY KEY ("msisdn", "marketer_id")
);

-- CreateTable
CREATE TABLE "registry_lift" (
    "msisdn" TEXT COLLATE "C" NOT NULL,
    "marketer_id" INTEGER NOT NULL,
    "import_id" BIGINT NOT NULL,
    "listed_at" TIMESTAMPTZ(6) NOT NULL,
    "lifted_import_id" BIGINT NOT NULL,
    "lifted_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "registry_lift_pkey" PRIMARY KEY ("msisdn", "marketer_id", "lifted_import_id")
);

-- CreateTable
CREATE TABLE "registry_import" (
    "id" BIGSERIAL NOT NULL,
    "state" "registry_import_state" NOT NULL,
    "marketer_id" INTEGER NOT NULL DEFAULT 0,
    "name" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "answered_on" DATE NOT NULL,
    "created_by" INTEGER,
    "lines" INTEGER NOT NULL DEFAULT 0,
    "numbers" INTEGER NOT NULL DEFAULT 0,
    "invalid" INTEGER NOT NULL DEFAULT 0,
    "duplicates" INTEGER NOT NULL DEFAULT 0,
    "problems" JSONB NOT NULL DEFAULT '[]',
    "comes" INTEGER NOT NULL DEFAULT 0,
    "goes" INTEGER NOT NULL DEFAULT 0,
    "processed" INTEGER NOT NULL DEFAULT 0,
    "added" INTEGER NOT NULL DEFAULT 0,
    "lifted" INTEGER NOT NULL DEFAULT 0,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "registry_import_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "registry_block" (
    "import_id" BIGINT NOT NULL,
    "first_position" INTEGER NOT NULL,
    "msisdns" TEXT[],

    CONSTRAINT "registry_block_pkey" PRIMARY KEY ("import_id", "first_position")
);

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

-- One is put in force at a time: two at once could lift what the other adds.
CREATE UNIQUE INDEX "registry_import_one_at_a_time" ON "registry_import" ((true)) WHERE "state" IN ('QUEUED', 'RUNNING');

CREATE TRIGGER "registry_lift_append_only" BEFORE UPDATE OR DELETE ON "registry_lift"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
