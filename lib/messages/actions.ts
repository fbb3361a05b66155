'use server';

import { z } from 'zod';
import { customerAction } from '@/lib/auth/make-action';
import { splitRecipients } from '@/lib/sms/recipients';
import { acceptMessages } from './commands';

const message = z.object({
  recipients: z.string().transform(splitRecipients),
  text: z.string(),
  idempotencyKey: z.uuid(),
});

/** The send form: one message to many. */
export const sendMessages = customerAction(message, acceptMessages, {
  may: 'messages.send',
  doing: 'Accepting messages',
  invalid: 'The form was not complete. Reload the page and send again.',
  failed: 'The message could not be sent just now. Nothing was charged; send again in a moment.',
});
