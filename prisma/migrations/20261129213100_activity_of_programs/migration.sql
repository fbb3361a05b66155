-- What programs change stands among what people do: by whom, or by which key.
ALTER TABLE "activity"
    ALTER COLUMN "user_id" DROP NOT NULL,
    ADD COLUMN "key_id" INTEGER,
    ADD CONSTRAINT "activity_who_check" CHECK (num_nonnulls("user_id", "key_id") = 1);
