import type { ApiFault } from '@/lib/api-keys/make-api';

interface ProblemKind {
  status: number;
  title: string;
  /** What it means and what to do, for the page of problems. */
  advice: string;
}

/**
 * What can be wrong with a request. The names are part of the API: they stand in the `type` of a problem body
 * and never change.
 */
export const problemKinds = {
  'no-key': {
    status: 401,
    title: 'No API key',
    advice:
      'Send the key in the header “Authorization: Bearer cz_…”. An owner or administrator makes one under Settings, API keys.',
  },
  'invalid-key': {
    status: 401,
    title: 'The API key is not valid',
    advice:
      'The key is mistyped, was cut off, or was replaced when it was rotated. Copy it again, or make another under Settings, API keys.',
  },
  'key-revoked': {
    status: 401,
    title: 'The API key was revoked',
    advice: 'Somebody of the account revoked it under Settings, API keys. Make another.',
  },
  'key-expired': {
    status: 401,
    title: 'The API key has expired',
    advice: 'Make another under Settings, API keys.',
  },
  'account-suspended': {
    status: 403,
    title: 'The account is suspended',
    advice: 'Contact support. Keys work again as soon as the account does.',
  },
  'address-not-allowed': {
    status: 403,
    title: 'The API key may not be used from this address',
    advice: 'The key has a list of addresses. Send from one of them, or make a key that has this one.',
  },
  'scope-missing': {
    status: 403,
    title: 'The API key may not do this',
    advice: 'The problem’s detail names what the key lacks. Make a key that has it.',
  },
  'no-such-path': {
    status: 404,
    title: 'There is nothing at this address',
    advice: 'Compare the path with the operations on the page of this API; capitals count.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'This address has other methods',
    advice: 'The header “Allow” names the methods of the address.',
  },
  'not-json': {
    status: 400,
    title: 'The body is no JSON',
    advice: 'Send one JSON object in UTF-8.',
  },
  'content-type': {
    status: 415,
    title: 'The body is not sent as JSON',
    advice: 'Send the header “Content-Type: application/json”.',
  },
  'too-large': {
    status: 413,
    title: 'The body is too large',
    advice: 'Split what you send into several requests.',
  },
  'invalid-request': {
    status: 422,
    title: 'The request cannot be understood',
    advice:
      'Each of “errors” has the path of a field and what is wrong with it. Fields that an operation does not have are refused.',
  },
  'invalid-cursor': {
    status: 422,
    title: 'The cursor cannot be read',
    advice:
      'Send a cursor as an answer of the same operation gave it to the same account, with the same order; or leave it out to begin at the beginning.',
  },
  'not-opted-out': {
    status: 404,
    title: 'The number is not on the opt-out list',
    advice:
      'You may write to it, as far as its opt-outs go. Who removes a number that is not there has nothing left to do.',
  },
  'no-consent': {
    status: 404,
    title: 'No consent of the number is in force',
    advice:
      'None was recorded, or an opt-out or a withdrawal has ended it. The story of the number in the portal has all that were.',
  },
  'consent-given-later': {
    status: 409,
    title: 'The consent was given after that',
    advice:
      'The consent that is in force is of a later moment than “withdrawnAt”, so it stays. Send the moment at which that one was withdrawn.',
  },
  'removal-request-needed': {
    status: 409,
    title: 'Only the recipient can lift this block',
    advice:
      'You may remove the entries that you made. The recipient (or our staff, who were told by them) made this one: request its removal at “removalRequestUrl”, and the recipient is asked by SMS.',
  },
  'own-entry': {
    status: 409,
    title: 'The account made this entry itself',
    advice: 'Nobody needs to be asked: remove it by removing the opt-out.',
  },
  'removal-already-requested': {
    status: 409,
    title: 'There is a removal request for this opt-out already',
    advice: 'Read that request; the problem’s “removalRequestId” is its id.',
  },
  'recipient-already-asked': {
    status: 409,
    title: 'The recipient was asked already',
    advice:
      'A recipient is asked once for each opt-out, and this one was: the problem’s “removalRequestId” is the id of the request. The block stays unless they write of themselves.',
  },
  'trial-account': {
    status: 403,
    title: 'A trial account cannot do this',
    advice: 'A trial writes to its owner’s own number alone. Ask us to make it a full account.',
  },
  'no-such-removal-request': {
    status: 404,
    title: 'There is no such removal request',
    advice: 'Compare the id with the one that an answer gave, and the account of the key.',
  },
  'removal-request-over': {
    status: 409,
    title: 'The removal request is over',
    advice: 'There is nothing left to cancel. Read the request to see how it ended.',
  },
  'no-such-reply': {
    status: 404,
    title: 'There is no such reply',
    advice: 'Compare the id with the one that an answer or a webhook gave, and the account of the key.',
  },
  'no-such-message': {
    status: 404,
    title: 'There is no such message',
    advice: 'Compare the id with the one that sending answered, and the account of the key.',
  },
  'message-not-waiting': {
    status: 409,
    title: 'The message does not wait any more',
    advice:
      'Only what is scheduled and has not been tried yet can be cancelled. Read the message to see what became of it.',
  },
  'no-such-webhook': {
    status: 404,
    title: 'There is no such webhook',
    advice: 'Compare the id with the one that an answer gave, and the account of the key.',
  },
  'no-such-delivery': {
    status: 404,
    title: 'There is no such delivery',
    advice: 'Compare both ids with those that an answer gave. Deliveries are kept for 30 days.',
  },
  'too-many-webhooks': {
    status: 409,
    title: 'The account has as many webhooks as it may have',
    advice: 'Remove one that is no longer used.',
  },
  'webhook-paused': {
    status: 409,
    title: 'The webhook is paused',
    advice: 'Resume it first. What happens meanwhile is kept for it.',
  },
  'delivery-under-way': {
    status: 409,
    title: 'The delivery is being sent',
    advice: 'Read it in a moment to see what came of it.',
  },
  'not-enough-credits': {
    status: 402,
    title: 'There are too few credits',
    advice: 'Nothing was sent. Top up, or send to fewer numbers.',
  },
  'marketing-text-incomplete': {
    status: 422,
    title: 'The marketing text lacks what it has to say',
    advice:
      'Nothing was sent. A marketing text says who is speaking (the account’s name, or a name it trades under, Settings) and how to opt out. The problem’s detail says what is missing and what mends it.',
  },
  'sender-not-available': {
    status: 409,
    title: 'The number that the API key sends from is no longer the account’s',
    advice: 'Nothing was sent. Choose another number for the key under Settings, API keys.',
  },
  'idempotency-key-unreadable': {
    status: 422,
    title: 'The Idempotency-Key cannot be read',
    advice: 'Send 1 to 255 visible ASCII characters without spaces, such as a UUID.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The Idempotency-Key was used for another request',
    advice: 'Draw a new key for each request, and send it again only with the same request.',
  },
  'idempotency-key-in-flight': {
    status: 409,
    title: 'A request with this Idempotency-Key is under way',
    advice: 'Wait for as many seconds as “Retry-After” says, then ask again to get its answer.',
  },
  refused: {
    status: 422,
    title: 'This cannot be done',
    advice: 'The problem’s detail says why, and what to do.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    advice:
      'Wait for as many seconds as “Retry-After” says. The header “RateLimit” of every answer says how many are left.',
  },
  'too-many-at-once': {
    status: 429,
    title: 'Too many requests at the same time',
    advice: 'Wait for the answers of some before you send others.',
  },
  'internal-error': {
    status: 500,
    title: 'Something went wrong on our side',
    advice: 'Try again in a moment, a POST with the same Idempotency-Key. Tell support if it stays so.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problemKinds;

/** Those that every operation may answer with. */
export const commonProblems = [
  'no-key',
  'invalid-key',
  'key-revoked',
  'key-expired',
  'account-suspended',
  'address-not-allowed',
  'scope-missing',
  'method-not-allowed',
  'invalid-request',
  'refused',
  'too-many-requests',
  'too-many-at-once',
  'internal-error',
] as const satisfies readonly ProblemCode[];

/** Those of an operation that takes a body. */
export const bodyProblems = [
  'not-json',
  'content-type',
  'too-large',
] as const satisfies readonly ProblemCode[];

/** Those of every POST. */
export const onceProblems = [
  'idempotency-key-unreadable',
  'idempotency-key-reused',
  'idempotency-key-in-flight',
] as const satisfies readonly ProblemCode[];

/** A problem in words, with what it tells a program besides. */
export interface DescribedProblem {
  code: ProblemCode;
  detail: string;
  more?: Record<string, unknown>;
  headers?: Record<string, string>;
}

const challenge = { 'www-authenticate': 'Bearer' };

/** What a fault of the wrapper is to whoever asks. */
export function describeFault(fault: ApiFault): DescribedProblem {
  switch (fault.code) {
    case 'no-key':
      return describe('no-key', problemKinds['no-key'].advice, { headers: challenge });
    case 'bad-key':
      return describe('invalid-key', 'There is no such API key.', { headers: challenge });
    case 'key-revoked':
      return describe('key-revoked', 'This API key was revoked.', { headers: challenge });
    case 'key-expired':
      return describe('key-expired', 'This API key has expired.', { headers: challenge });
    case 'account-suspended':
      return describe('account-suspended', 'The account of this API key is suspended. Contact support.');
    case 'wrong-address':
      return describe(
        'address-not-allowed',
        fault.address === null
          ? 'This API key may be used from certain addresses only, and where this request comes from is not known.'
          : `This API key may not be used from ${fault.address}.`,
      );
    case 'no-scope':
      return describe('scope-missing', `This API key lacks the permission “${fault.needed}”.`);
    case 'method':
      return describe('method-not-allowed', `Use ${fault.wanted} here, not ${fault.given}.`, {
        headers: { allow: fault.wanted },
      });
    case 'content-type':
      return describe('content-type', 'Send the body as “Content-Type: application/json”.');
    case 'too-large':
      return describe('too-large', `A body may have ${fault.maxBytes.toLocaleString('en-ZA')} bytes.`);
    case 'not-json':
      return describe('not-json', 'The body could not be read as JSON in UTF-8.');
    case 'invalid': {
      const errors = fault.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
      const [first] = errors;
      const detail = first
        ? [first.path, first.message].filter((part) => part !== '').join(': ')
        : 'It has errors.';
      return describe('invalid-request', detail, { more: { errors: errors.slice(0, 100) } });
    }
    case 'refused': {
      const code = fault.reason in problemKinds ? (fault.reason as ProblemCode) : 'refused';
      const headers = code === 'idempotency-key-in-flight' ? { 'retry-after': '1' } : undefined;
      return describe(code, fault.message, {
        ...(fault.more && { more: fault.more }),
        ...(headers && { headers }),
      });
    }
    case 'throttled':
      return describe('too-many-requests', fault.message, wait(fault.waitSeconds));
    case 'busy':
      return describe('too-many-at-once', fault.message, wait(fault.waitSeconds));
    case 'failed':
      return describe('internal-error', `This failed: ${fault.doing}. Try again in a moment.`);
  }
}

function describe(
  code: ProblemCode,
  detail: string,
  rest: Pick<DescribedProblem, 'more' | 'headers'> = {},
): DescribedProblem {
  return { code, detail, ...rest };
}

function wait(seconds: number) {
  return { headers: { 'retry-after': String(seconds) } };
}
