-- Keys by which programs of an account act for it (docs/decisions/0039-api-keys.md).

-- CreateEnum
CREATE TYPE "api_scope" AS ENUM ('READ', 'SEND', 'OPT_OUTS', 'WEBHOOKS');

-- CreateTable
CREATE TABLE "api_key" (
    "account_id" INTEGER NOT NULL,
    "id" SERIAL NOT NULL,
    "handle" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "scopes" "api_scope"[],
    "networks" TEXT[],
    "secret_hash" TEXT COLLATE "C" NOT NULL,
    "secret_end" TEXT NOT NULL,
    "generation" INTEGER NOT NULL DEFAULT 1,
    "is_proven" BOOLEAN NOT NULL DEFAULT false,
    "previous_hash" TEXT COLLATE "C",
    "previous_until" TIMESTAMPTZ(6),
    "created_by" INTEGER,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "secret_created_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6),
    "last_used_at" TIMESTAMPTZ(6),
    "revoked_at" TIMESTAMPTZ(6),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("account_id", "id")
);

-- CreateIndex
CREATE UNIQUE INDEX "api_key_account_id_handle_key" ON "api_key"("account_id", "handle");

-- CreateIndex: the secret names its account, so a key is found within it.
CREATE UNIQUE INDEX "api_key_account_id_secret_hash_key" ON "api_key"("account_id", "secret_hash");

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_account_id_fkey"
    FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

ALTER TABLE "api_key" ADD CONSTRAINT "api_key_previous_check"
    CHECK (("previous_hash" IS NULL) = ("previous_until" IS NULL));
-- A key that may do nothing is a mistake.
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_scopes_check" CHECK (cardinality("scopes") > 0);
