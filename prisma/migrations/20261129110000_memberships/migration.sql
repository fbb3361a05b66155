-- Who works with which account, and as what; what each member of staff may do (docs/decisions/0036-roles.md).

-- CreateEnum
CREATE TYPE "member_role" AS ENUM ('OWNER', 'ADMINISTRATOR', 'SENDER', 'VIEWER');

-- CreateEnum
CREATE TYPE "staff_role" AS ENUM ('ADMINISTRATOR', 'SUPPORT');

-- CreateTable
CREATE TABLE "membership" (
    "account_id" INTEGER NOT NULL,
    "user_id" INTEGER NOT NULL,
    "role" "member_role" NOT NULL,
    "suspended_at" TIMESTAMPTZ(6),
    "last_seen_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("account_id", "user_id")
);
CREATE INDEX "membership_user_id_idx" ON "membership"("user_id");
ALTER TABLE "membership" ADD CONSTRAINT "membership_account_id_fkey"
    FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;
ALTER TABLE "membership" ADD CONSTRAINT "membership_user_id_fkey"
    FOREIGN KEY ("user_id") REFERENCES "portal_user"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- Whoever was first in an account owns it; the others did all that there was to do, and still may.
INSERT INTO "membership" ("account_id", "user_id", "role", "created_at")
SELECT "account_id", "id",
    CASE WHEN "id" = min("id") OVER (PARTITION BY "account_id") THEN 'OWNER' ELSE 'ADMINISTRATOR' END::"member_role",
    "created_at"
FROM "portal_user" WHERE "account_id" IS NOT NULL
ON CONFLICT DO NOTHING;

-- AlterTable: the account in which a session works. It goes with the membership: whoever is taken out is out.
ALTER TABLE "user_session" ADD COLUMN "account_id" INTEGER;
UPDATE "user_session" SET "account_id" = "portal_user"."account_id"
FROM "portal_user" WHERE "portal_user"."id" = "user_session"."user_id";
CREATE INDEX "user_session_account_id_user_id_idx" ON "user_session"("account_id", "user_id");
ALTER TABLE "user_session" ADD CONSTRAINT "user_session_account_id_user_id_fkey"
    FOREIGN KEY ("account_id", "user_id") REFERENCES "membership"("account_id", "user_id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AlterTable
ALTER TABLE "portal_user" ADD COLUMN "staff_role" "staff_role";
UPDATE "portal_user" SET "staff_role" = 'ADMINISTRATOR' WHERE "role" = 'STAFF';
-- Drops its foreign key, its index and the check that went with it.
ALTER TABLE "portal_user" DROP COLUMN "account_id";

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

ALTER TABLE "portal_user" ADD CONSTRAINT "portal_user_staff_role_check"
    CHECK (("role" = 'STAFF') = ("staff_role" IS NOT NULL));
