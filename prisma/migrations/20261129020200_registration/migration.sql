-- The cell number of a person, once they have shown that it is theirs.
ALTER TABLE "portal_user" ADD COLUMN "own_msisdn" TEXT COLLATE "C";

-- What somebody typed who wants an account, until they have shown that address and number are theirs.
CREATE TABLE "registration" (
    "id" UUID NOT NULL,
    "company" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "msisdn" TEXT COLLATE "C" NOT NULL,
    "username" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "ticket_hash" TEXT,
    "email_confirmed_at" TIMESTAMPTZ(6),
    "opened_account_id" INTEGER,
    "opened_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "registration_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "registration_created_at_idx" ON "registration"("created_at");

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

ALTER TABLE "portal_user" ADD CONSTRAINT "portal_user_own_msisdn_check" CHECK ("own_msisdn" ~ '^[0-9]{8,15}$');
-- People are found by what they sign in, recover and register with.
CREATE INDEX "portal_user_email_idx" ON "portal_user"(lower("email"));
CREATE INDEX "portal_user_own_msisdn_idx" ON "portal_user"("own_msisdn") WHERE "own_msisdn" IS NOT NULL;
-- An account is opened for whoever has confirmed both.
ALTER TABLE "registration" ADD CONSTRAINT "registration_opened_check" CHECK (
    ("opened_account_id" IS NULL) = ("opened_at" IS NULL)
    AND ("opened_at" IS NULL OR "email_confirmed_at" IS NOT NULL)
);
