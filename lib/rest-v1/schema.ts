import { z } from 'zod';
import { splitMinute } from './times';

/** A number behind the `?`, given or not; nothing after the `=` is not given. */
const numberIn = (name: string, from: number, to: number, otherwise: number, range: string) =>
  z
    .preprocess(
      (value) => (value === '' || value === undefined ? String(otherwise) : value),
      z
        .string()
        .regex(/^\d{1,15}$/)
        .transform(Number),
    )
    .refine((value) => value >= from && value <= to)
    .catch(Number.NaN)
    .refine((value) => !Number.isNaN(value), `The ${name} parameter must be a number ${range}.`);

/** Which part of a list. */
export const pageQuery = z.object({
  offset: numberIn('offset', 0, Number.MAX_SAFE_INTEGER, 0, 'greater than or equal to 0'),
  limit: numberIn('limit', 1, 1000, 100, 'from 1 to 1000'),
});

export type Page = z.output<typeof pageQuery>;

/** Longer is no number of anything here, and much longer none that JSON could give back. */
const maxDigits = 40;

/** A whole number as JSON has it or as text, as some libraries write it. */
const digits = (error: string) =>
  z.unknown().transform((value, context) => {
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text === 'string' && text.length <= maxDigits && /^\d+$/.test(text)) return text;
    context.addIssue({ code: 'custom', message: error });
    return z.NEVER;
  });

/** A text; libraries of languages that have but one kind of value write numbers for it. */
const looseText = (error: string) => z.union([z.string(), z.number().transform(String)], { error });

/** What is not given may be left out, null or, by libraries that know no null, an empty text. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === null || value === '' ? undefined : value), schema.optional());

const maxRecipients = 1000;
const inRecipients = (what: string) => `There is an error in the 'recipients' array. ${what}`;
const noMessage = "The 'message' value must be the text to be sent.";
const segmentsError = "The 'maxSegments' value must be a number from 1 to 6.";
const timeError = "The 'scheduledTime' value must be a date and time in the format YYYYMMDDHHmm.";

/** One text to many. What else a library sends is no matter of ours. */
export const sendBody = z.object(
  {
    message: z.string({ error: noMessage }).refine((text) => text.trim() !== '', noMessage),
    recipients: z
      .array(
        z.object(
          {
            // What is no number at all is refused by itself, and the others go out.
            mobileNumber: looseText(inRecipients("Each recipient needs a 'mobileNumber' value.")),
            clientMessageId: optional(looseText(inRecipients("The 'clientMessageId' value must be a text."))),
          },
          { error: inRecipients("Each recipient must be an object with a 'mobileNumber' value.") },
        ),
        { error: inRecipients('It must be an array of recipient objects.') },
      )
      .min(1, inRecipients('It must have at least one recipient.'))
      .max(maxRecipients, inRecipients(`It can have at most ${maxRecipients} recipients.`)),
    maxSegments: optional(
      digits(segmentsError)
        .transform(Number)
        .refine((value) => value >= 1 && value <= 6, segmentsError),
    ),
    scheduledTime: optional(
      digits(timeError)
        .transform(splitMinute)
        .refine((time) => time !== null, timeError),
    ),
  },
  { error: 'The request must be a JSON object with a message and its recipients.' },
);

export type SendBody = z.output<typeof sendBody>;

/** Ids of messages, as this API gave them out. */
export const idsBody = z
  .array(digits('At least one non-numeric api Id was supplied in the apiIds array.'), {
    error: 'The request must be a JSON array of api Ids.',
  })
  .min(1, 'At least one api Id must be supplied in the apiIds array.')
  .max(1000, 'A maximum of 1000 api Ids can be supplied in the apiIds array.')
  .transform((ids) => ids.map(Number));

const accountNumber = (name: string) =>
  digits(`The '${name}' value must be an account number without the leading 'W'.`)
    .transform(Number)
    .refine((id) => id >= 1 && id < 2 ** 31, `The '${name}' value is no account number.`);
const quantityError = "The 'transferQuantity' value must be a whole number of credits greater than 0.";

/** Credits from one account to another. */
export const transferBody = z.object(
  {
    sendingAccountNumber: accountNumber('sendingAccountNumber'),
    receivingAccountNumber: accountNumber('receivingAccountNumber'),
    transferQuantity: digits(quantityError)
      .transform(Number)
      .refine((credits) => credits > 0, quantityError),
  },
  { error: 'The request must be a JSON object with two account numbers and a quantity.' },
);

export type TransferBody = z.output<typeof transferBody>;
