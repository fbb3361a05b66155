import { composeReplyPassword, signReceipt } from './signatures';

/*
 * What Kannel calls. Secrets stand in front of the host: Kannel sends them as HTTP Basic with the first
 * request, so that no access log of ours, nor of a proxy between, has them. Kannel itself writes such an
 * address down in the `access-log` of its smsbox, and in its `log-file` at level 0: leave those out.
 */

/** What Kannel is asked to say of a reply, as fields of our own; each with its escape. */
const replyFields = {
  id: '%I',
  from: '%p',
  to: '%P',
  // Of the escapes of a text the only one that leaves its bytes as they came.
  text: '%b',
  coding: '%c',
  charset: '%C',
  at: '%T',
  header: '%u',
  link: '%i',
};

/** What Kannel is asked to say of a message's way, likewise. */
const receiptFields = { status: '%d', answer: '%A', network: '%F', at: '%T', link: '%i' };

/**
 * The `get-url` of Kannel's one sms-service.
 *
 * @param address.listener where the worker listens, as Kannel reaches it: "http://127.0.0.1:3001"; for the
 *   routes of the web "http://127.0.0.1:3000/api"
 * @param address.secret CARRIER_SECRET; the address has a password that is made of it, for this carrier's
 *   replies
 */
export function composeReplyUrl(address: { listener: string; carrier: string; secret: string }): string {
  const { listener, carrier, secret } = address;
  const password = composeReplyPassword(carrier, secret);
  return composeAddress({ listener, carrier, door: 'reply', user: 'kannel', password, fields: replyFields });
}

/**
 * The `dlr-url` of one message, with `dlr-mask=31`. To be percent-encoded once where it is a parameter of
 * `sendsms`. Its signature stands for this message of this account at this carrier, and for nothing else.
 */
export function composeReceiptUrl(address: {
  listener: string;
  carrier: string;
  message: { accountId: number; id: string };
}): string {
  const { listener, carrier, message } = address;
  const { reference, signature } = signReceipt(carrier, message);
  return composeAddress({
    listener,
    carrier,
    door: 'receipt',
    user: reference,
    password: signature,
    fields: receiptFields,
  });
}

/** Reads what {@link composeReceiptUrl} has made; null for any other address. */
export function parseReceiptUrl(
  url: string,
): { carrier: string; reference: string; signature: string } | null {
  const [, reference, signature, carrier] =
    /^https?:\/\/([^:@/]+):([^:@/]+)@[^?]*\/carrier\/([^/?]+)\/kannel\/receipt\?/.exec(url) ?? [];
  return reference && signature && carrier ? { carrier, reference, signature } : null;
}

function composeAddress(parts: {
  listener: string;
  carrier: string;
  door: 'reply' | 'receipt';
  user: string;
  password: string;
  fields: Record<string, string>;
}): string {
  const { protocol, place } = readListener(parts.listener);
  const query = Object.entries(parts.fields).map(([name, escape]) => `${name}=${escape}`);
  const path = `/carrier/${parts.carrier}/kannel/${parts.door}`;
  return `${protocol}//${parts.user}:${parts.password}@${place}${path}?${query.join('&')}`;
}

let known = { listener: '', protocol: '', place: '' };

/** Of the one listener that there is; each message has an address of it. */
function readListener(listener: string): { protocol: string; place: string } {
  if (known.listener !== listener) {
    const { protocol, host, pathname } = new URL(listener);
    known = { listener, protocol, place: `${host}${pathname.replace(/\/+$/, '')}` };
  }
  return known;
}
