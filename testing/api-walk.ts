import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { OpenApiDescription, type DescribedOperation, type OpenApiDocument } from './openapi-description';
import { findAnswerFaults, listOperations } from './rest-description';

/** Where a walk goes, and as whom. */
export interface Walk {
  /** Of the running program: "http://localhost:3000". */
  url: string;
  /** A key that may do everything. */
  key: string;
  /** What only an account that was made for the walk has. Left out: nothing leaves, and nobody is asked. */
  own?: {
    accountNumber: number;
    subAccountNumber: number;
    /** A key that may read alone, and one for webhooks alone. */
    limitedKeys: { read: string; webhooks: string };
    /** Somebody writes to the account. */
    reply: (from: string, text: string) => Promise<void>;
  };
  /** A line for each operation. */
  report: (line: string) => void;
}

export interface WalkResult {
  operations: number;
  requests: number;
  /** What was answered otherwise than described, or was not done; none: all is well. */
  faults: string[];
}

interface Asked {
  params?: Record<string, string>;
  query?: Record<string, string>;
  json?: unknown;
  /** In place of that, as it is. */
  text?: string;
  headers?: Record<string, string>;
  key?: string | null;
  contentType?: string;
}

interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // Whatever the walk looks for in it.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

/**
 * Does every operation of both APIs against a running program: what it is for, and what it refuses. Each
 * answer is held to its description, that of the REST API as it was published, that of the other as it is
 * served.
 */
export async function walkApis(walk: Walk): Promise<WalkResult> {
  const faults: string[] = [];
  const rest = new RestWalk(walk, faults);
  await rest.go();
  const api = new ApiWalk(walk, faults, await fetchDocument(walk.url));
  await api.go();
  return {
    operations: rest.size + api.size,
    requests: rest.requests + api.requests,
    faults,
  };
}

async function fetchDocument(url: string): Promise<OpenApiDocument> {
  const answer = await fetch(`${url}/api/v2/openapi.json`);
  if (!answer.ok) throw new Error(`${url}/api/v2/openapi.json answers ${answer.status}.`);
  return (await answer.json()) as OpenApiDocument;
}

/** A number that is nobody's in particular: what is done to it is undone, and nothing is sent to it. */
function drawNumber(): string {
  return `2771${String(randomInt(10_000_000)).padStart(7, '0')}`;
}

/** What both walks do: they ask, and keep what was answered to what. */
abstract class ApisWalk {
  requests = 0;
  private readonly statuses = new Map<string, Set<number>>();
  private readonly failed = new Set<string>();
  private readonly notes = new Map<string, string>();
  private hasBeenTooLarge = false;

  constructor(
    protected readonly walk: Walk,
    private readonly faults: string[],
  ) {}

  abstract get names(): string[];

  get size(): number {
    return this.names.length;
  }

  /** Says of an operation what could not be done with it, and why. */
  protected explain(name: string, why: string): void {
    this.notes.set(name, why);
  }

  protected fault(name: string, what: string): void {
    this.failed.add(name);
    this.faults.push(`${name}: ${what}`);
  }

  protected keep(name: string, status: number): void {
    const known = this.statuses.get(name) ?? new Set();
    this.statuses.set(name, known.add(status));
  }

  /** A line for each operation. One that was not done at all, or never as it should, is a fault. */
  protected conclude(title: string): void {
    this.walk.report(title);
    for (const name of this.names) {
      const statuses = [...(this.statuses.get(name) ?? [])].sort();
      const note = this.notes.get(name);
      if (statuses.length === 0) this.fault(name, 'was not asked.');
      else if (!statuses.some((status) => status < 300) && note === undefined)
        this.fault(name, 'was never done, only refused.');
      const [method = '', path = ''] = name.split(' ');
      const mark = this.failed.has(name) ? '✗' : '✓';
      const end = note === undefined ? '' : `  (${note})`;
      this.walk.report(`  ${mark} ${method.padEnd(7)}${path.padEnd(52)} ${statuses.join(' ')}${end}`);
    }
  }

  protected async send(address: string, method: string, asked: Asked, key: string | null): Promise<Answer> {
    const { json, headers = {}, contentType = 'application/json' } = asked;
    const text = asked.text ?? (json === undefined ? undefined : JSON.stringify(json));
    const search = new URLSearchParams(asked.query).toString();
    this.requests += 1;
    const go = () =>
      fetch(`${this.walk.url}${address}${search && `?${search}`}`, {
        method,
        headers: {
          ...(key === null ? {} : { authorization: key }),
          ...(text === undefined ? {} : { 'content-type': contentType }),
          ...headers,
        },
        body: text,
        redirect: 'manual',
      });
    // Who refuses a large body closes the connection: it, or what comes by it next, is asked again.
    const isLarge = (text?.length ?? 0) > 100_000;
    const answer = await (this.hasBeenTooLarge || isLarge ? go().catch(go) : go());
    this.hasBeenTooLarge = answer.status === 413;
    const given = await answer.text();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    const body: unknown = isJson ? JSON.parse(given) : given === '' ? null : given;
    return { status: answer.status, headers: answer.headers, text: given, body };
  }
}

/** The provider's REST API. */
class RestWalk extends ApisWalk {
  readonly names = listOperations();

  async go(): Promise<void> {
    await this.succeed();
    for (const name of this.names) await this.err(name);
    await this.ask('GET /credits/balance', { path: '/sms/nowhere' }, 404);
    this.conclude('REST v1');
  }

  private async succeed(): Promise<void> {
    const { own } = this.walk;
    await this.ask('GET /credits/balance', {}, 200);
    const number = drawNumber();
    const [message, recipients] = ['The walk was here.', [{ mobileNumber: number, clientMessageId: 'walk' }]];
    if (own) {
      const twice = [...recipients, { mobileNumber: number }, { mobileNumber: '12' }];
      const sent = await this.ask('POST /sms/outgoing/send', { json: { message, recipients: twice } }, 200);
      const errors = (sent.recipients as { acceptError?: string }[]).map(({ acceptError }) => acceptError);
      if (errors[1] !== 'DUPLICATE' || errors[2] !== 'BADDEST')
        this.fault('POST /sms/outgoing/send', `refuses recipients as ${JSON.stringify(errors)}`);
    }
    const tomorrow = new Date(Date.now() + 26 * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 12);
    const json = { message, recipients, scheduledTime: Number(tomorrow) };
    const scheduled = await this.ask('POST /sms/outgoing/send', { json }, 200);
    const ids = (scheduled.recipients as { apiMessageId: number }[]).map(({ apiMessageId }) => apiMessageId);
    await this.ask('GET /sms/scheduled', {}, 200);
    const { deletedMessageStatuses } = await this.ask('POST /sms/scheduled/delete', { json: ids }, 200);
    if (!(deletedMessageStatuses as { deleted: boolean }[])[0]?.deleted)
      this.fault('POST /sms/scheduled/delete', 'what was scheduled was not deleted.');
    await this.ask('POST /sms/outgoing/status', { json: ids }, 200);
    await own?.reply(number, 'Stop');
    await this.ask('GET /sms/incoming', { query: { offset: '0', limit: '10' } }, 200);
    await this.ask('GET /shortcode/incoming', { query: { limit: '10' } }, 200);
    await this.ask('GET /sms/incoming/optout', {}, 200);
    await this.ask('GET /subaccounts', {}, 200);
    await this.transfer();
    if (!own) return;
    const again = await this.ask('POST /sms/outgoing/send', { json: { message, recipients } }, 200);
    const [blocked] = again.recipients as { accepted: boolean; acceptError: string; creditCost: number }[];
    if (blocked?.accepted !== false || blocked.acceptError !== 'OPTEDOUT' || blocked.creditCost !== 0)
      this.fault('POST /sms/outgoing/send', `who opted out is answered with ${JSON.stringify(blocked)}`);
  }

  private async transfer(): Promise<void> {
    const name = 'POST /credits/transfer';
    const { own } = this.walk;
    if (!own) {
      this.explain(name, 'no credits were moved');
      await this.ask(
        name,
        { json: { sendingAccountNumber: 1, receivingAccountNumber: 1, transferQuantity: 1 } },
        422,
      );
      return;
    }
    const [sendingAccountNumber, receivingAccountNumber] = [own.accountNumber, own.subAccountNumber];
    for (const [from, to] of [
      [sendingAccountNumber, receivingAccountNumber],
      [receivingAccountNumber, sendingAccountNumber],
    ]) {
      const json = { sendingAccountNumber: from, receivingAccountNumber: to, transferQuantity: 1 };
      const { transferSuccessful } = await this.ask(name, { json }, 200);
      if (!transferSuccessful) this.fault(name, 'a credit was not moved.');
    }
  }

  /** What an operation refuses. */
  private async err(name: string): Promise<void> {
    const method = name.split(' ')[0];
    await this.ask(name, { key: null, ...(method === 'POST' && { json: {} }) }, 401);
    await this.ask(name, { key: 'cz_1_wrong', ...(method === 'POST' && { json: {} }) }, 401);
    await this.ask(name, { method: 'PUT', json: {} }, 405);
    if (method === 'POST') {
      await this.ask(name, { text: '{}', contentType: 'text/plain' }, 415);
      await this.ask(name, { text: `["${'a'.repeat(205_000)}"]` }, 413);
      await this.ask(name, { text: '{"a":' }, 400);
      await this.ask(name, { json: 'nothing of the kind' }, 422);
    }
    const [, path = ''] = name.split(' ');
    const isPaged = findAnswerFaults(path, 'GET', 422, null).every((one) => !one.includes('not described'));
    if (method === 'GET' && isPaged) await this.ask(name, { query: { limit: '1001' } }, 422);
  }

  private async ask(
    name: string,
    asked: Asked & { method?: string; path?: string },
    expected: number,
  ): Promise<Record<string, unknown>> {
    const [method = '', path = ''] = name.split(' ');
    const key = asked.key === undefined ? this.walk.key : asked.key;
    const address = `/api/rest/v1${asked.path ?? path}`;
    const { status, body } = await this.send(address, asked.method ?? method, asked, key);
    this.keep(name, status);
    if (status !== expected) this.fault(name, `answers ${status}, not ${expected}: ${JSON.stringify(body)}`);
    for (const fault of findAnswerFaults(path, method, status, body)) this.fault(name, `${status}: ${fault}`);
    return body as Record<string, unknown>;
  }
}

/** The API of today, by its own document. */
class ApiWalk extends ApisWalk {
  private readonly description: OpenApiDescription;
  private readonly operations: ReturnType<OpenApiDescription['list']>;
  private readonly explained = new Map<string, number>();

  constructor(walk: Walk, faults: string[], document: OpenApiDocument) {
    super(walk, faults);
    this.description = new OpenApiDescription(document);
    this.operations = this.description.list();
  }

  get names(): string[] {
    return this.operations.map(({ method, path }) => `${method} ${path}`);
  }

  async go(): Promise<void> {
    const webhook = await this.addWebhook();
    await this.doMessages();
    await this.doOptOuts();
    await this.doConsents();
    await this.doReplies();
    await this.doRemovalRequests();
    await this.doWebhooks(webhook);
    for (const one of this.operations) await this.err(one);
    await this.askNowhere();
    this.conclude('API v2');
  }

  private async doMessages(): Promise<void> {
    await this.done('getCredits', {}, 200);
    const sendAt = new Date(Date.now() + 86_400_000).toISOString();
    const json = { to: [drawNumber(), 'nobody'], text: 'The walk was here.', sendAt };
    const { body } = await this.done('sendMessages', { json }, 201);
    const id = body.recipients[0].messageId as string;
    if (body.recipients[1].outcome !== 'invalid') this.fault('POST /messages', 'takes what is no number.');
    await this.done('listMessages', { query: { batchId: body.batchId as string } }, 200);
    await this.done('getMessage', { params: { id } }, 200);
    await this.done('cancelMessage', { params: { id } }, 200);
    await this.ask('cancelMessage', { params: { id } }, 409);
  }

  private async doOptOuts(): Promise<void> {
    const [first, second] = await this.findFreeNumbers();
    await this.ask('removeOptOut', { params: { number: first } }, 404);
    const asked = { params: { number: first }, query: { source: 'walk' } };
    await this.done('addOptOut', asked, 201);
    await this.done('addOptOut', asked, 200);
    const json = { numbers: [`+${first}`, `0${second.slice(2)}`, Number(second), 'nobody'] };
    const { body: added } = await this.done('addOptOuts', { json: { ...json, source: 'walk' } }, 200);
    const outcomes = added.results.map(({ outcome }: { outcome: string }) => outcome).join();
    if (outcomes !== 'already-there,added,duplicate,invalid')
      this.fault('POST /opt-outs/bulk', `says ${outcomes}`);
    await this.done('checkOptOuts', { json }, 200);
    await this.done('getOptOut', { params: { number: first } }, 200);
    await this.follow('listOptOuts', { limit: '1', kind: 'api' }, 'cursor');
    await this.done('readHistory', { params: { number: second }, query: { limit: '1' } }, 200);
    await this.follow('readChanges', { limit: '1' }, 'after');
    for (const number of [first, second]) await this.done('removeOptOut', { params: { number } }, 204);
  }

  private async doConsents(): Promise<void> {
    const numbers = await this.findFreeNumbers();
    const [first, second] = numbers;
    const json = {
      numbers,
      givenAt: new Date(Date.now() - 60_000).toISOString(),
      source: 'web-form',
      wording: 'The walk was here.',
    };
    await this.done('recordConsents', { json }, 200);
    await this.done('getConsent', { params: { number: first } }, 200);
    await this.follow('listConsents', { limit: '1' }, 'cursor');
    for (const number of [first, second])
      await this.done('withdrawConsent', { params: { number }, json: { reason: 'The walk is over.' } }, 200);
    await this.ask('getConsent', { params: { number: first } }, 404);
  }

  private async findFreeNumbers(): Promise<[string, string]> {
    for (;;) {
      const numbers = [drawNumber(), drawNumber()] as [string, string];
      const { body } = await this.ask('checkOptOuts', { json: { numbers } }, 200);
      if (body.optedOut === 0) return numbers;
    }
  }

  private async doReplies(): Promise<void> {
    await this.walk.own?.reply(drawNumber(), 'Thank you');
    const { body } = await this.follow('listReplies', { limit: '1' }, 'cursor');
    const [reply] = body.data as { id: string }[];
    if (reply) await this.done('getReply', { params: { id: reply.id } }, 200);
    else this.explain('GET /replies/{id}', 'there is no reply to read');
  }

  private async doRemovalRequests(): Promise<void> {
    const { own } = this.walk;
    const create = (number: string) => ({ json: { number, permission: true } });
    if (!own) {
      const [number] = await this.findFreeNumbers();
      await this.ask('createRemovalRequest', create(number), 404);
      for (const method of ['POST', 'DELETE'])
        this.explain(
          `${method} /removal-requests${method === 'POST' ? '' : '/{id}'}`,
          'nobody was asked for one',
        );
      const { body } = await this.done('listRemovalRequests', { query: { limit: '1' } }, 200);
      const [known] = body.data as { id: string }[];
      if (known) await this.done('getRemovalRequest', { params: { id: known.id } }, 200);
      else this.explain('GET /removal-requests/{id}', 'there is none to read');
      return;
    }
    const number = drawNumber();
    await own.reply(number, 'Stop');
    await this.ask('removeOptOut', { params: { number } }, 409);
    const { body } = await this.done('createRemovalRequest', create(number), 201);
    await this.ask('createRemovalRequest', create(number), 409);
    const id = body.id as string;
    await this.done('listRemovalRequests', { query: { number } }, 200);
    await this.done('getRemovalRequest', { params: { id } }, 200);
    await this.done('cancelRemovalRequest', { params: { id } }, 200);
    await this.ask('cancelRemovalRequest', { params: { id } }, 409);
  }

  /** A webhook with a delivery that goes nowhere: it comes to nothing while the walk goes on. */
  private async addWebhook(): Promise<{ id: string; deliveryId: string }> {
    const json = { url: 'https://client-zone.invalid/hooks', events: ['opt_out.removed'], withTexts: true };
    const { body } = await this.done('createWebhook', { json }, 201);
    const { id } = body as { id: string };
    const { body: test } = await this.done('testWebhook', { params: { id } }, 202);
    return { id, deliveryId: test.id as string };
  }

  private async doWebhooks({ id, deliveryId }: { id: string; deliveryId: string }): Promise<void> {
    const params = { id };
    await this.done('listWebhooks', {}, 200);
    await this.done('getWebhook', { params }, 200);
    await this.done('changeWebhook', { params, json: { inOrder: true } }, 200);
    await this.done('rotateWebhookSecret', { params, json: { overlapHours: 24 } }, 200);
    await this.done('listWebhookDeliveries', { params, query: { limit: '1' } }, 200);
    const delivery = { params: { id, deliveryId } };
    // A look at its name takes as long as name servers take that do not answer.
    for (let left = 60; left > 0; left -= 1) {
      const { body } = await this.ask('getWebhookDelivery', delivery, 200);
      if (body.state !== 'sending' && body.attempts > 0) break;
      await delay(250);
    }
    await this.done('getWebhookDelivery', delivery, 200);
    await this.done('pauseWebhook', { params }, 200);
    await this.ask('testWebhook', { params }, 409);
    await this.done('resumeWebhook', { params }, 200);
    await this.done('resendWebhookDelivery', delivery, 202);
    await this.done('removeWebhook', { params }, 204);
    await this.ask('getWebhook', { params }, 404);
  }

  /** A page of a list and, if there is one, the next. */
  private async follow(id: string, query: Record<string, string>, name: string): Promise<Answer> {
    const answer = await this.done(id, { query }, 200);
    const { next } = answer.body as { next: string | null };
    if (next !== null) await this.ask(id, { query: { ...query, [name]: next } }, 200);
    await this.ask(id, { query: { ...query, [name]: 'nobody-gave-this' } }, 422);
    return answer;
  }

  /** What an operation refuses, by what the document says that it takes. */
  private async err({ method, path, operation }: (typeof this.operations)[number]): Promise<void> {
    const { operationId: id, requestBody, parameters = [], responses } = operation;
    const takesBody = requestBody !== undefined;
    const params = { id: '999999999', deliveryId: '999999999', number: drawNumber() };
    const body = takesBody ? { json: {} } : {};
    await this.ask(id, { params, ...body, key: null }, 401);
    await this.ask(id, { params, ...body, key: 'cz_1_wrong' }, 401);
    const { own } = this.walk;
    if (own) {
      const key = operation['x-scope'] === 'READ' ? own.limitedKeys.webhooks : own.limitedKeys.read;
      await this.ask(id, { params, ...body, key }, 403);
    }
    if (parameters.some((one) => one.in === 'query'))
      await this.ask(id, { params, ...body, query: { nothing: 'of the kind' } }, 422);
    if (path.includes('{number}')) await this.ask(id, { params: { ...params, number: 'nobody' } }, 422);
    if (path.includes('{id}')) await this.ask(id, { params: { ...params, id: '01' }, ...body }, 422);
    if (path.includes('{id}') && !takesBody && responses[404]) await this.ask(id, { params }, 404);
    if (method === 'POST') {
      const headers = { 'idempotency-key': 'not readable' };
      const valid = takesBody ? {} : { params: { ...params } };
      if (!takesBody) await this.ask(id, { ...valid, headers }, 422);
    }
    if (takesBody) {
      await this.ask(id, { params, text: '{}', contentType: 'text/plain' }, 415);
      await this.ask(id, { params, text: `["${'a'.repeat(1_000_000)}"]` }, 413);
      await this.ask(id, { params, text: '{"a":' }, 400);
      await this.ask(id, { params, json: { nothing: 'of the kind' } }, 422);
    }
    const methods = this.operations.filter((one) => one.path === path).map((one) => one.method);
    const other = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].find((one) => !methods.includes(one)) ?? '';
    const answer = await this.send(`/api/v2${fill(path, params)}`, other, {}, `Bearer ${this.walk.key}`);
    this.keep(`${method} ${path}`, answer.status);
    if (
      answer.status !== 405 ||
      answer.headers.get('allow')?.split(', ').sort().join() !== methods.sort().join()
    )
      this.fault(
        `${method} ${path}`,
        `${other} answers ${answer.status}, allow ${answer.headers.get('allow')}`,
      );
    await this.holdProblem(`${method} ${path}`, answer);
  }

  private async askNowhere(): Promise<void> {
    const answer = await this.send('/api/v2/nowhere', 'GET', {}, `Bearer ${this.walk.key}`);
    if (answer.status !== 404) this.fault('GET /nowhere', `answers ${answer.status}`);
    await this.holdProblem('GET /nowhere', answer);
  }

  /**
   * Does an operation, and what one may rely on when it is done: the same POST under its key again answers
   * the same and does nothing more, and whoever has the answer by its tag is told that it is the same.
   */
  private async done(id: string, asked: Asked, expected: number): Promise<Answer> {
    const { method, name, operation } = this.find(id);
    if (method === 'POST') {
      const headers = { 'idempotency-key': randomUUID() };
      const answer = await this.ask(id, { ...asked, headers }, expected);
      const again = await this.ask(id, { ...asked, headers }, expected);
      if (again.text !== answer.text || again.headers.get('idempotent-replayed') !== 'true')
        this.fault(name, 'the same again under its Idempotency-Key was answered otherwise.');
      await this.ask(id, { ...asked, headers, ...makeOther(asked) }, 422);
      return answer;
    }
    const answer = await this.ask(id, asked, expected);
    const tag = answer.headers.get('etag');
    if (operation.parameters?.some((one) => one.name === 'If-None-Match')) {
      const again = await this.ask(id, { ...asked, headers: { 'if-none-match': tag ?? '' } }, 304);
      if (tag === null || again.text !== '') this.fault(name, 'does not know its own tag.');
    }
    return answer;
  }

  private find(id: string): { method: string; path: string; name: string; operation: DescribedOperation } {
    const found = this.operations.find(({ operation }) => operation.operationId === id);
    if (!found) throw new Error(`The document has no operation ${id}.`);
    return { ...found, name: `${found.method} ${found.path}` };
  }

  private async ask(id: string, asked: Asked, expected: number): Promise<Answer> {
    const { method, path, name } = this.find(id);
    const secret = asked.key === undefined ? this.walk.key : asked.key;
    const key = secret === null ? null : `Bearer ${secret}`;
    const answer = await this.send(`/api/v2${fill(path, asked.params)}`, method, asked, key);
    const { status, headers, body } = answer;
    this.keep(name, status);
    if (status !== expected) this.fault(name, `answers ${status}, not ${expected}: ${answer.text}`);
    const given = { status, type: headers.get('content-type'), body: answer.text === '' ? null : body };
    for (const fault of this.description.findFaults(path, method, given))
      this.fault(name, `${status}: ${fault}`);
    if (status >= 400) await this.holdProblem(name, answer);
    // of whoever may not ask there is nothing to count
    if (![401, 403].includes(status) && !(headers.has('ratelimit') && headers.has('ratelimit-policy')))
      this.fault(name, `${status} says nothing of the limits.`);
    return answer;
  }

  /** Every problem has a page that explains it. */
  private async holdProblem(name: string, { status, headers, body }: Answer): Promise<void> {
    const faults = this.description.findProblemFaults({ status, type: headers.get('content-type'), body });
    for (const fault of faults) this.fault(name, `${status}: ${fault}`);
    const { type = '', status: said } = body as { type?: string; status?: number };
    if (said !== status) this.fault(name, `answers ${status} and says ${said}.`);
    const { pathname = '', hash = '' } = URL.canParse(type) ? new URL(type) : {};
    if (!this.explained.has(pathname)) {
      const page = await fetch(`${this.walk.url}${pathname}`);
      this.explained.set(pathname, page.status);
      this.pages.set(pathname, await page.text());
    }
    if (!this.pages.get(pathname)?.includes(`id="${hash.slice(1)}"`))
      this.fault(name, `${type} explains nothing (${this.explained.get(pathname)}).`);
  }

  private readonly pages = new Map<string, string>();
}

function fill(path: string, params: Record<string, string> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
}

/** Another request that says the same: its bytes differ. */
function makeOther({ json, query }: Asked): Asked {
  return json === undefined ? { query: { ...query, other: 'yes' } } : { text: `${JSON.stringify(json)} ` };
}
