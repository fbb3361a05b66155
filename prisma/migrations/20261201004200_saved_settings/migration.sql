-- A complaint pack asks which hours were in force at a moment: of the log the entries of saved settings, which are few.
-- What prisma/schema.prisma cannot say.

CREATE INDEX "audit_entry_saved_settings" ON "audit_entry"("created_at", "id") WHERE "action" = 'settings.save';
