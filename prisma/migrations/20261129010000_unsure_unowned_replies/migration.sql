-- A reply without an owner that may be a wish waits for the staff, too, apart from the certain ones
-- (docs/decisions/0020-unsure-wishes-without-an-owner.md). In a migration of its own: PostgreSQL uses a new value of a type only
-- once it is committed.

-- AlterEnum
ALTER TYPE "unowned_reply_state" ADD VALUE 'UNSURE' AFTER 'WAITING';
