/** What a test says of a message that bearerbox hands over; what is left out is as in a short reply. */
export interface BoxSmsParts {
  id: string;
  sender?: string;
  receiver?: string;
  header?: Buffer;
  text?: string | Buffer;
  time?: number;
  networkId?: string;
  coding?: number;
  charset?: string;
  /** Of a delivery receipt. */
  receipt?: { status: number; url: string };
}

/** Numbers as Kannel's programs write them to each other. */
export function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeInt32BE(value, 4 * index));
  return bytes;
}

const none = numbers(-1);

function octets(value: string | Buffer | undefined): Buffer {
  if (value === undefined) return none;
  const bytes = Buffer.from(value);
  return Buffer.concat([numbers(bytes.length), bytes]);
}

/** A message as bearerbox of Kannel 1.4.5 writes it to a box, its length in front. */
export function composeBoxSms(parts: BoxSmsParts): Buffer {
  const { id, sender, receiver, header, text, time = 0, networkId, coding = 0, charset, receipt } = parts;
  const undefinedNumber = -1;
  const body = Buffer.concat([
    numbers(2),
    ...[octets(sender), octets(receiver), octets(header), octets(text), numbers(time), octets('network')],
    // smsc_number, foreign_id, service, account
    ...[none, octets(networkId), none, none, octets(id), numbers(receipt ? 3 : 0)],
    // mclass, mwi; coding; compress, validity, deferred
    numbers(undefinedNumber, undefinedNumber, coding, undefinedNumber, undefinedNumber, undefinedNumber),
    ...[numbers(receipt?.status ?? undefinedNumber), octets(receipt?.url)],
    // pid, alt_dcs, rpi; boxc_id, binfo; msg_left, priority, resend_try, resend_time; meta_data
    numbers(undefinedNumber, undefinedNumber, undefinedNumber),
    ...[octets(charset), none, none],
    numbers(undefinedNumber, undefinedNumber, undefinedNumber, undefinedNumber),
    none,
  ]);
  return Buffer.concat([numbers(body.length), body]);
}
