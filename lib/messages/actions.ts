'use server';

import { z } from 'zod';
import { requireCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { AppError } from '@/lib/http/app-error';
import { log } from '@/lib/log';
import { acceptMessages } from './commands';
import { splitRecipients } from '@/lib/sms/recipients';
import type { SendResult } from './schema';

const sendForm = z.object({
  recipients: z.string().default(''),
  text: z.string().default(''),
  idempotencyKey: z.uuid(),
});

/** The send form. Every refusal is a value with a sentence; the form keeps what was typed. */
export async function sendMessages(_previous: SendResult | null, form: FormData): Promise<SendResult | null> {
  const { scope } = await requireCustomer();
  const parsed = sendForm.safeParse(Object.fromEntries(form));
  if (!parsed.success) return refuse('The form was not complete. Reload the page and send again.');
  const { recipients, text, idempotencyKey } = parsed.data;
  try {
    return await acceptMessages(getPool(), scope, {
      recipients: splitRecipients(recipients),
      text,
      idempotencyKey,
    });
  } catch (err) {
    log.error({ err, accountId: scope.accountId }, 'Accepting messages failed');
    return refuse(
      (err instanceof AppError && err.userMessage) ||
        'The message could not be sent just now. Nothing was charged; send again in a moment.',
    );
  }
}

function refuse(message: string): SendResult {
  return { ok: false, reason: 'not-accepted', message, recipients: [] };
}
