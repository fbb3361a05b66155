import type { Pool } from 'pg';
import { readPlatformSettings } from '@/lib/platform/settings';
import { measureText } from '@/lib/sms/segments';
import { composeConsent } from './consent';
import { nextLawfulMinute } from '@/lib/messages/lawful-hours';
import type { ConsentPreview } from './schema';

/** The consent SMS as it would be sent if it were asked for now. */
export async function previewConsentOf(
  pool: Pool,
  account: { name: string; consentText: string | null },
  now: Date,
): Promise<ConsentPreview> {
  const settings = await readPlatformSettings(pool);
  const text = composeConsent(account);
  const { encoding, segments } = measureText(text);
  return {
    text,
    encoding,
    segments,
    dueAt: nextLawfulMinute(now, settings).toISOString(),
    expiryDays: settings.removalExpiryDays,
  };
}
