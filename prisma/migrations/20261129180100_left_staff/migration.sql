-- AlterTable
ALTER TABLE "portal_user" ADD COLUMN "left_staff_at" TIMESTAMPTZ(6);

------------------------------------------------------------------------------------------------------------------------
-- What prisma/schema.prisma cannot say.

-- Whoever was removed does not come in again by a status that somebody changes.
ALTER TABLE "portal_user" ADD CONSTRAINT "portal_user_left_staff_check"
    CHECK ("left_staff_at" IS NULL OR ("role" = 'STAFF' AND "status" = 'SUSPENDED'));
