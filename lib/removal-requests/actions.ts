'use server';

import { refresh } from 'next/cache';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { requireCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { log } from '@/lib/log';
import { cancelRequest, requestRemoval } from './commands';
import { confirmByLink, requestPublicly } from './public-form';
import { previewRequest } from './queries';
import type { CancelResult, ConfirmResult, ContactResult, RequestPreview, RequestResult } from './schema';
import { saveConsentSettings } from './settings';

// Each answers null when it could not be done just now; the form says so and keeps what was typed.

const typedNumber = z.string().max(200).catch('');

/** Whether a number may be asked about, and what would be sent: while the form is filled in. */
export async function checkNumber(number: string): Promise<RequestPreview> {
  const { scope } = await requireCustomer();
  return previewRequest(getPool(), scope, typedNumber.parse(number));
}

/** The form inside the Client Zone. Leads to the request that it made. */
export async function requestNumberRemoval(
  number: string,
  permission: boolean,
): Promise<Extract<RequestResult, { ok: false }> | null> {
  const { scope } = await requireCustomer();
  let result: RequestResult;
  try {
    const input = { number: typedNumber.parse(number), permission: permission === true };
    result = await requestRemoval(getPool(), scope, input, { address: await findVisitorAddress() });
  } catch (err) {
    log.error({ err, accountId: scope.accountId }, 'Requesting a removal failed');
    return null;
  }
  if (!result.ok) return result;
  redirect(`/removal-requests/${result.requestId}`);
}

const requestId = z.string().regex(/^\d{1,18}$/);

export async function cancelRemovalRequest(id: string): Promise<CancelResult | null> {
  const { scope } = await requireCustomer();
  const parsed = requestId.safeParse(id);
  if (!parsed.success) return { ok: false, reason: 'not-found', message: 'There is no such request.' };
  try {
    const result = await cancelRequest(getPool(), scope, parsed.data);
    refresh();
    return result;
  } catch (err) {
    log.error({ err, accountId: scope.accountId }, 'Cancelling a removal request failed');
    return null;
  }
}

/** The public form. There is no gate: whoever it is, the answer tells nothing of accounts, numbers or opt-outs. */
export async function sendContactForm(input: unknown): Promise<ContactResult | null> {
  try {
    return await requestPublicly(getPool(), input, { address: await findVisitorAddress() });
  } catch (err) {
    log.error({ err }, 'The contact form failed');
    return null;
  }
}

const linkToken = z.string().max(500).catch('');

/** The button behind the owner's link. The link itself is the gate. */
export async function confirmRemovalRequest(token: string): Promise<ConfirmResult | null> {
  try {
    return await confirmByLink(getPool(), linkToken.parse(token), { address: await findVisitorAddress() });
  } catch (err) {
    log.error({ err }, 'Confirming a removal request failed');
    return null;
  }
}

const consentSettings = z.object({
  consentText: z.string().max(2000).nullable(),
  consentWords: z.array(z.string().max(100)).max(100),
});

/** The text of the consent SMS (null: the standard one) and the words that count as YES. */
export async function saveConsent(
  input: z.input<typeof consentSettings>,
): Promise<Awaited<ReturnType<typeof saveConsentSettings>> | null> {
  const { scope } = await requireCustomer();
  const parsed = consentSettings.safeParse(input);
  if (!parsed.success) {
    return { ok: false, field: 'consentText', message: 'That is far too long. Shorten it and save again.' };
  }
  try {
    const result = await saveConsentSettings(getPool(), scope, parsed.data);
    if (result.ok) refresh();
    return result;
  } catch (err) {
    log.error({ err, accountId: scope.accountId }, 'Saving the consent settings failed');
    return null;
  }
}

/** Where the visitor comes from, when a trusted proxy says so; what visitors say of themselves counts for nothing. */
async function findVisitorAddress(): Promise<string | null> {
  return readVisitorAddress((await headers()).get('x-forwarded-for'));
}
