import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { findAnswerFaults } from './rest-description';

type Handler = (request: Request) => Promise<Response> | Response;
interface Route {
  path: string;
  handlers: Partial<Record<string, Handler>>;
}

const root = 'app/api/rest/v1';

let loading: Promise<Route[]> | undefined;

/** The handlers of each path of the REST API, as Next.js finds them. */
async function loadRoutes(): Promise<Route[]> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /route\.ts$/.test(file),
  );
  return Promise.all(
    files.map(async (file) => ({
      path: `/${path.dirname(file)}`,
      handlers: (await import(
        /* @vite-ignore */ pathToFileURL(path.resolve(root, file)).href
      )) as Route['handlers'],
    })),
  );
}

export interface RestAnswer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

export interface RestRequest {
  /** Null: without the header. */
  key: string | null;
  method?: string;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is, in place of that. */
  body?: string | Uint8Array;
  contentType?: string | null;
  headers?: Record<string, string>;
}

/**
 * Asks the REST API as a client library does, without a network, and holds every answer to the published
 * description.
 *
 * @param undescribed statuses that the description does not know, and which this request is to have all the
 *   same
 */
export async function askRest(
  url: string,
  request: RestRequest,
  undescribed: readonly number[] = [],
): Promise<RestAnswer> {
  const { key, json, contentType = 'application/json', headers: others = {} } = request;
  const [pathname = ''] = url.split('?');
  const body = request.body ?? (json === undefined ? undefined : JSON.stringify(json));
  const method = request.method ?? (body === undefined ? 'GET' : 'POST');
  const routes = await (loading ??= loadRoutes());
  const route =
    routes.find((one) => one.path === pathname) ?? routes.find((one) => one.path === '/[[...path]]');
  const headers = new Headers(others);
  if (key !== null) headers.set('AUTHORIZATION', key);
  if (body !== undefined && contentType !== null) headers.set('content-type', contentType);
  const init = { method, headers, body: body as BodyInit | undefined };
  const response = await route?.handlers[method]?.(new Request(`http://localhost/api/rest/v1${url}`, init));
  if (!response) throw new Error(`Nothing answers ${method} ${pathname}.`);
  const answer = (await response.json()) as Record<string, unknown>;
  const { status } = response;
  if (!undescribed.includes(status)) {
    const described = route?.path === pathname ? pathname : '/credits/balance';
    // Of a method that a path has not, the answer is described with the one that it has.
    const faults = ['GET', 'POST'].map((one) => findAnswerFaults(described, one, status, answer));
    const least = faults.sort((one, other) => one.length - other.length)[0] ?? [];
    if (least.length > 0)
      throw new Error(`${method} ${url} answers ${status} as is not described: ${faults.join('; ')}`);
  }
  return { status, headers: response.headers, body: answer };
}
