-- Sessions are rows: signing out ends one on the server, and no token outlives its row.
CREATE TABLE "user_session" (
    "id" UUID NOT NULL,
    "user_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "user_agent" TEXT,
    "address" TEXT,

    CONSTRAINT "user_session_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "user_session_user_id_idx" ON "user_session"("user_id");
CREATE INDEX "user_session_last_seen_at_idx" ON "user_session"("last_seen_at");
ALTER TABLE "user_session" ADD CONSTRAINT "user_session_user_id_fkey"
    FOREIGN KEY ("user_id") REFERENCES "portal_user"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- A session ends with its row; there is no epoch to raise any more.
ALTER TABLE "portal_user" DROP COLUMN "session_epoch";

-- Expired counts are removed by a job, by this index.
CREATE INDEX "rate_limit_expire_idx" ON "rate_limit"("expire");
