-- Invitations into an account (docs/decisions/0036-roles.md).
CREATE TABLE "invitation" (
    "account_id" INTEGER NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "role" "member_role" NOT NULL,
    "invited_by" INTEGER NOT NULL,
    "sent_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "accepted_at" TIMESTAMPTZ(6),
    "withdrawn_at" TIMESTAMPTZ(6),

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("account_id", "id")
);
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_account_id_fkey"
    FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

-- Of an account and an address one is open; inviting again is sending it again.
CREATE UNIQUE INDEX "invitation_open_key" ON "invitation"("account_id", lower("email"))
    WHERE "accepted_at" IS NULL AND "withdrawn_at" IS NULL;
