import type { Metadata } from 'next';
import { z } from 'zod';
import { ConsentsPage } from '@/components/consents/consents-page';
import { customerPage } from '@/lib/auth/make-page';
import { recordConsent, withdrawConsentByHand } from '@/lib/consents/actions';
import { listConsents } from '@/lib/consents/queries';
import { getPool } from '@/lib/db/client';
import { idSchema } from '@/lib/db/ids';
import { toPlain } from '@/lib/db/plain';
import { askReplica } from '@/lib/lists/ask-replica';
import { readCalendar } from '@/lib/messages/lawful-hours';
import { readPlatformSettings } from '@/lib/platform/settings';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import { isWritable } from '@/lib/sms/written-number';

export const metadata: Metadata = { title: 'Consents' };

const shown = 50;

const place = z.object({
  number: z.string().refine(isWritable).optional().catch(undefined),
  /** Of the last row of the page before: its moment and its id. */
  at: z.iso.datetime({ offset: true }).optional().catch(undefined),
  after: idSchema.optional().catch(undefined),
});

export default customerPage({ search: place }, async ({ scope, account }, { search }) => {
  const { number, at, after } = search;
  const from = at !== undefined && after !== undefined ? { at, id: after } : null;
  const [{ entries, next }, { consentStands }] = await Promise.all([
    askReplica((pool) => listConsents(pool, scope, { after: from, limit: shown })),
    readPlatformSettings(getPool()),
  ]);
  return (
    <ConsentsPage
      rows={toPlain(entries)}
      nextHref={next && `/messages/consents?${new URLSearchParams({ at: toIso(next.at), after: next.id })}`}
      isLatest={from === null}
      stands={consentStands}
      number={number === undefined ? '' : formatMsisdn(number)}
      today={readCalendar(new Date()).date}
      timeZone={account.timeZone}
      record={recordConsent}
      withdraw={withdrawConsentByHand}
    />
  );
});

/** "2026-11-29 12:00:00.123456+00" as addresses have it. */
function toIso(at: string): string {
  return at.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
}
