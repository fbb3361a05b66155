'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { customerAction, openAction, recordedAction } from '@/lib/auth/make-action';
import { findVisitorAddress } from '@/lib/http/find-visitor-address';
import { cancelRequest, requestRemoval } from './commands';
import { confirmByLink, contactForm, requestPublicly } from './public-form';
import { previewRequest } from './queries';
import { saveConsentSettings } from './settings';

// What is none is refused as no number, with what to do.
const typedNumber = z.string().max(200).catch('');

const askedOnce = {
  doing: 'Requesting a removal',
  failed: 'This could not be done just now. Press the button again: a recipient is never asked twice.',
};

/** Whether a number may be asked about, and what would be sent: while the form is filled in. */
export const checkNumber = customerAction(typedNumber, previewRequest, {
  may: 'removal-requests.make',
  doing: 'Looking at a number for a removal request',
});

/** The form inside the Client Zone. Leads to the request that it made. */
export const requestNumberRemoval = customerAction(
  z.object({ number: typedNumber, permission: z.boolean().catch(false) }),
  async (pool, scope, input) => {
    const result = await requestRemoval(pool, scope, input, { address: await findVisitorAddress() });
    if (result.ok) redirect(`/removal-requests/${result.requestId}`);
    return result;
  },
  { ...askedOnce, may: 'removal-requests.make' },
);

export const cancelRemovalRequest = customerAction(z.string(), cancelRequest, {
  may: 'removal-requests.make',
  doing: 'Cancelling a removal request',
  failed: 'This could not be done just now. Try again in a moment.',
  refreshes: true,
});

/** The public form. Whoever it is, the answer tells nothing of accounts, numbers or opt-outs. */
export const sendContactForm = openAction(
  contactForm,
  async (pool, _, form) => requestPublicly(pool, form, { address: await findVisitorAddress() }),
  {
    doing: 'The contact form',
    failed: 'This could not be done just now. Try again in a moment; what you typed is still here.',
  },
);

/** The button behind the owner's link. The link itself is the gate. */
export const confirmRemovalRequest = openAction(
  z.string().max(500).catch(''),
  async (pool, _, token) => confirmByLink(pool, token, { address: await findVisitorAddress() }),
  { ...askedOnce, doing: 'Confirming a removal request' },
);

const tooLong = 'That is far too long. Shorten it and save again.';
const consent = z.object({
  consentText: z.string().max(2000, tooLong).nullable(),
  consentWords: z.array(z.string().max(100, tooLong)).max(100, tooLong),
});

/** The text of the consent SMS (null: the standard one) and the words that count as YES. */
export const saveConsent = recordedAction(consent, saveConsentSettings, {
  may: 'settings.change',
  activity: { kind: 'account.change-settings', details: () => ({ setting: 'The consent SMS' }) },
  doing: 'Saving the consent settings',
  failed: 'This could not be saved just now. Try again.',
  refreshes: true,
});
