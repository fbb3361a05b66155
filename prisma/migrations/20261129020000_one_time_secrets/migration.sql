-- Links by e-mail and codes by SMS that confirm something (docs/decisions/0033-confirming-people.md).
CREATE TABLE "one_time_secret" (
    "id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "sent_to" TEXT NOT NULL,
    "secret_hash" TEXT NOT NULL,
    "tries" SMALLINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "used_at" TIMESTAMPTZ(6),
    "replaced_at" TIMESTAMPTZ(6),

    CONSTRAINT "one_time_secret_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "one_time_secret_subject_purpose_created_at_idx" ON "one_time_secret"("subject", "purpose", "created_at" DESC);
CREATE INDEX "one_time_secret_expires_at_idx" ON "one_time_secret"("expires_at");

-- What the people of an account did about themselves and it: sign-ins, passwords, addresses.
CREATE TABLE "activity" (
    "account_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "user_id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "address" TEXT,
    "details" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "activity_pkey" PRIMARY KEY ("account_id", "id")
);
CREATE INDEX "activity_account_id_created_at_id_idx" ON "activity"("account_id", "created_at" DESC, "id" DESC);
ALTER TABLE "activity" ADD CONSTRAINT "activity_account_id_fkey"
    FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- The provider's own account: what is sent to people of no account, and what its staff do, belongs to it.
INSERT INTO "account" ("id", "name", "owner_email") VALUES (1, 'Client Zone', 'no-reply@localhost') ON CONFLICT DO NOTHING;

-- Most mails about an account go to its owner, wherever the owner is now; those to one person go to that person alone.
ALTER TABLE "email" ADD COLUMN "is_to_owner" BOOLEAN NOT NULL DEFAULT true;

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

-- Of a purpose and a subject one is in force; a newer one ends it.
CREATE UNIQUE INDEX "one_time_secret_live_key" ON "one_time_secret"("subject", "purpose")
    WHERE "used_at" IS NULL AND "replaced_at" IS NULL;

CREATE TRIGGER "activity_append_only" BEFORE UPDATE OR DELETE ON "activity"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
