import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { composeOpenApi } from '@/lib/api-v2/openapi';
import { OpenApiDescription, type OpenApiDocument } from './openapi-description';

type Handler = (request: Request, context: { params: Promise<unknown> }) => Promise<Response> | Response;
interface Route {
  /** As the description has it: "/opt-outs/{number}". */
  path: string;
  pattern: RegExp;
  handlers: Partial<Record<string, Handler>>;
}

const root = 'app/api/v2';
const nowhere = '/[[...path]]';

let loading: Promise<Route[]> | undefined;
let description: OpenApiDescription | undefined;

/** The handlers of each path of the API, as Next.js finds them: names before what may be anything. */
async function loadRoutes(): Promise<Route[]> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /route\.ts$/.test(file),
  );
  const routes = await Promise.all(
    files.map(async (file): Promise<Route> => {
      const found = `/${path.dirname(file)}`;
      return {
        path: found === nowhere ? found : found.replace(/\[(\w+)\]/g, '{$1}'),
        pattern:
          found === nowhere
            ? /^/
            : new RegExp(`^${found.replaceAll('.', '\\.').replace(/\[(\w+)\]/g, '(?<$1>[^/]+)')}$`),
        handlers: (await import(
          /* @vite-ignore */ pathToFileURL(path.resolve(root, file)).href
        )) as Route['handlers'],
      };
    }),
  );
  const rank = ({ path: one }: Route) => (one === nowhere ? 2 : one.includes('{') ? 1 : 0);
  return routes.sort((one, other) => rank(one) - rank(other));
}

export interface ApiAnswer {
  status: number;
  headers: Headers;
  // Whatever a test looks for in it.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

export interface ApiRequest {
  /** Null: without the header. */
  key: string | null;
  method?: string;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is, in place of that. */
  body?: string;
  contentType?: string | null;
  headers?: Record<string, string>;
}

/** Answers a request as the program does, with the handlers of its path. */
export async function answerApi(request: Request): Promise<{ route: string; response: Response }> {
  const pathname = new URL(request.url).pathname.replace('/api/v2', '');
  const route = (await (loading ??= loadRoutes())).find(({ pattern }) => pattern.test(pathname));
  const params = Promise.resolve(route?.pattern.exec(pathname)?.groups ?? {});
  const response = await route?.handlers[request.method]?.(request, { params });
  if (!route || !response) throw new Error(`Nothing answers ${request.method} ${pathname}.`);
  return { route: route.path, response };
}

/** Asks the API as a program does, without a network, and holds every answer to its description. */
export async function askApi(url: string, request: ApiRequest): Promise<ApiAnswer> {
  const { key, json, contentType = 'application/json', headers: others = {} } = request;
  const body = request.body ?? (json === undefined ? undefined : JSON.stringify(json));
  const method = request.method ?? (body === undefined ? 'GET' : 'POST');
  const headers = new Headers(others);
  if (key !== null) headers.set('authorization', `Bearer ${key}`);
  if (body !== undefined && contentType !== null) headers.set('content-type', contentType);
  const sent = new Request(`http://localhost/api/v2${url}`, { method, headers, body: body as BodyInit });
  const { route, response } = await answerApi(sent);
  const faults = await findFaultsOf(route, method, response.clone());
  if (faults.length > 0) throw new Error(faults.join('; '));
  const text = await response.text();
  const answer = text === '' ? null : (JSON.parse(text) as unknown);
  return { status: response.status, headers: response.headers, body: answer };
}

/** What is wrong with an answer of a route; of what is described nowhere, nothing. */
export async function findFaultsOf(route: string, method: string, response: Response): Promise<string[]> {
  const { status, headers } = response;
  if (route === nowhere || route === '/openapi.json' || status === 405) return [];
  const text = await response.text();
  const body = text === '' ? null : (JSON.parse(text) as unknown);
  description ??= new OpenApiDescription(composeOpenApi() as unknown as OpenApiDocument);
  const faults = description.findFaults(route, method, { status, type: headers.get('content-type'), body });
  return faults.map((fault) => `${method} ${route} answers ${status} as is not described: ${fault}`);
}
