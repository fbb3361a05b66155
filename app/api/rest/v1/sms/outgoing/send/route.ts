import { getPool } from '@/lib/db/client';
import { restRoute } from '@/lib/rest-v1/make-rest-route';
import { sendBody } from '@/lib/rest-v1/schema';
import { sendMessages } from '@/lib/rest-v1/send';

export const { GET, POST, PUT, PATCH, DELETE } = restRoute(
  { method: 'POST', scope: 'SEND', body: sendBody, doing: 'sending messages' },
  ({ scope, body, timeZone, senderNumber, now }) =>
    sendMessages(getPool(), scope, body, { timeZone, senderNumber }, now),
);
