-- A second factor: an authenticator app, passkeys, recovery codes; and sessions that still lack theirs
-- (docs/decisions/0034-second-factor.md).

-- CreateEnum
CREATE TYPE "sign_in_method" AS ENUM ('PASSWORD', 'CODE', 'RECOVERY_CODE', 'PASSKEY');

-- CreateEnum
CREATE TYPE "passkey_purpose" AS ENUM ('REGISTER', 'SIGN_IN', 'SECOND_STEP', 'PROOF');

-- AlterTable
ALTER TABLE "account" ADD COLUMN "requires_second_factor" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "portal_user" ADD COLUMN "passkey_handle" UUID NOT NULL DEFAULT gen_random_uuid();

-- AlterTable: sessions that are there already have been let in by the rules of their time.
ALTER TABLE "user_session"
    ADD COLUMN "lacks_second_factor" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "method" "sign_in_method" NOT NULL DEFAULT 'PASSWORD';

-- CreateTable
CREATE TABLE "authenticator_app" (
    "user_id" INTEGER NOT NULL,
    "secret" TEXT,
    "confirmed_at" TIMESTAMPTZ(6),
    "last_step" INTEGER,
    "told_steps" INTEGER[] NOT NULL DEFAULT ARRAY[]::INTEGER[],
    "pending_secret" TEXT,
    "pending_since" TIMESTAMPTZ(6),

    CONSTRAINT "authenticator_app_pkey" PRIMARY KEY ("user_id"),
    CONSTRAINT "authenticator_app_confirmed" CHECK (("secret" IS NULL) = ("confirmed_at" IS NULL)),
    CONSTRAINT "authenticator_app_pending" CHECK (("pending_secret" IS NULL) = ("pending_since" IS NULL))
);

-- CreateTable
CREATE TABLE "recovery_code" (
    "user_id" INTEGER NOT NULL,
    "code_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "used_at" TIMESTAMPTZ(6),

    CONSTRAINT "recovery_code_pkey" PRIMARY KEY ("user_id", "code_hash")
);

-- CreateTable
CREATE TABLE "passkey" (
    "credential_id" TEXT NOT NULL COLLATE "C",
    "user_id" INTEGER NOT NULL,
    "public_key" BYTEA NOT NULL,
    "counter" BIGINT NOT NULL,
    "transports" TEXT[] NOT NULL,
    "name" TEXT NOT NULL,
    "is_synced" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "last_used_at" TIMESTAMPTZ(6),

    CONSTRAINT "passkey_pkey" PRIMARY KEY ("credential_id")
);

-- CreateTable
CREATE TABLE "passkey_challenge" (
    "challenge" TEXT NOT NULL COLLATE "C",
    "purpose" "passkey_purpose" NOT NULL,
    "user_id" INTEGER,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "passkey_challenge_pkey" PRIMARY KEY ("challenge")
);

-- CreateIndex
CREATE INDEX "passkey_user_id_idx" ON "passkey"("user_id");

-- CreateIndex
CREATE INDEX "passkey_challenge_expires_at_idx" ON "passkey_challenge"("expires_at");

-- CreateIndex
CREATE INDEX "passkey_challenge_user_id_idx" ON "passkey_challenge"("user_id");

-- AddForeignKey
ALTER TABLE "authenticator_app" ADD CONSTRAINT "authenticator_app_user_id_fkey"
    FOREIGN KEY ("user_id") REFERENCES "portal_user"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "recovery_code" ADD CONSTRAINT "recovery_code_user_id_fkey"
    FOREIGN KEY ("user_id") REFERENCES "portal_user"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "passkey" ADD CONSTRAINT "passkey_user_id_fkey"
    FOREIGN KEY ("user_id") REFERENCES "portal_user"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "passkey_challenge" ADD CONSTRAINT "passkey_challenge_user_id_fkey"
    FOREIGN KEY ("user_id") REFERENCES "portal_user"("id") ON DELETE CASCADE ON UPDATE NO ACTION;
