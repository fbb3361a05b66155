-- A claim looks up in the registry what was accepted before it last changed, or before consent last began or ceased to stand.
ALTER TABLE "platform_setting" ADD COLUMN "consent_changed_at" TIMESTAMPTZ(6);
