import 'server-only';
import { makeApiWrapper, type ApiFault, type ApiForm } from '@/lib/api-keys/make-api';
import { formatTimeStamp } from './times';

const version = '1.0';
const maxBytes = 200_000;
/** Of the provider, for as long as nobody knows whose request it is. */
const ownTimeZone = 'Africa/Johannesburg';

/**
 * The answers of the provider's REST API: every one of them says when, which version and which status, errors
 * too.
 */
const restForm: ApiForm = {
  maxBytes,
  answer: (body, { now, timeZone }) => respond(200, body, now, timeZone),
  fail: (fault, { now, timeZone }) => {
    const { status, message, headers } = describeFault(fault);
    return respond(status, { errorMessage: message }, now, timeZone, headers);
  },
};

/** Makes the handlers of a path of the provider's REST API (docs/api/rest-v1.md). */
export const restRoute = makeApiWrapper(restForm);

/** What every answer begins with. */
export function composeHead(status: number, now: Date, timeZone: string | null): object {
  return { timeStamp: formatTimeStamp(now, timeZone ?? ownTimeZone), version, statusCode: status };
}

/** The answer to whoever asks for what is no path of this API. */
export function respondNoPath(): Response {
  const errorMessage =
    'The resource requested does not exist. Please verify the path, spelling, and capitalisation';
  return respond(404, { errorMessage }, new Date(), null);
}

function respond(
  status: number,
  body: object,
  now: Date,
  timeZone: string | null,
  headers: Record<string, string> = {},
): Response {
  return Response.json(
    { ...composeHead(status, now, timeZone), ...body },
    { status, headers: { ...headers, 'cache-control': 'no-store' } },
  );
}

interface Description {
  status: number;
  message: string;
  headers?: Record<string, string>;
}

/**
 * The status and the words of an error, those of the published description where it has some. It knows no
 * 403, so a key that may not do something is a 401.
 */
function describeFault(fault: ApiFault): Description {
  switch (fault.code) {
    case 'no-key':
      return {
        status: 401,
        message:
          "The 'AUTHORIZATION' header was not found. Set the 'AUTHORIZATION' request header to your WinSMS API Key",
      };
    case 'bad-key':
      return refuseKey('is not valid. Make one in the Client Zone, under Settings, API keys.');
    case 'key-revoked':
      return refuseKey('was revoked.');
    case 'key-expired':
      return refuseKey('has expired.');
    case 'account-suspended':
      return refuseKey('belongs to an account that is suspended. Please contact support.');
    case 'wrong-address':
      return refuseKey(
        fault.address === null
          ? 'may be used from certain addresses only, and where this request comes from is not known.'
          : `may not be used from ${fault.address}.`,
      );
    case 'no-scope':
      return refuseKey(`may not do this: it lacks the permission “${fault.needed}”.`);
    case 'method':
      return {
        status: 405,
        message: `Request method should be set to '${fault.wanted}', not '${fault.given}'.`,
        headers: { allow: fault.wanted },
      };
    case 'content-type':
      return {
        status: 415,
        message: `Request content-type should be set to 'application/json', not '${fault.given}'.`,
      };
    case 'too-large': {
      const given = fault.bytes === null ? `more than ${maxBytes / 1000}` : Math.ceil(fault.bytes / 1000);
      return {
        status: 413,
        message: `Request POST data is: ${given}kb. The maximum POST size allowed is ${maxBytes / 1000}kb.`,
      };
    }
    case 'not-json':
      return { status: 400, message: 'Invalid JSON payload received' };
    case 'invalid':
      return { status: 422, message: fault.issues[0]?.message ?? 'The request could not be read.' };
    case 'refused':
      return { status: 422, message: fault.message };
    case 'throttled':
    case 'busy':
      return { status: 429, message: fault.message, headers: { 'retry-after': String(fault.waitSeconds) } };
    case 'failed':
      return { status: 500, message: `An unknown error has occurred - ${fault.doing}` };
  }
}

function refuseKey(why: string): Description {
  return { status: 401, message: `The API Key in the 'AUTHORIZATION' header ${why}` };
}
