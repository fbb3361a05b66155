import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { composeExample, languages, type Language } from '@/lib/api-v2/examples';
import { composeOpenApi } from '@/lib/api-v2/openapi';
import { operations } from '@/lib/api-v2/operations';
import { describeApi, describeProblems } from '@/lib/api-v2/queries';
import { answerApi } from '@/testing/api-client';
import { createApiKey } from '@/testing/api-keys';
import { createAccount, type TestAccount } from '@/testing/factories';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';

const run = promisify(execFile);

/** How a program of each language is run, with its text. */
const runners: Record<Language, (code: string) => [string, string[]]> = {
  curl: (code) => ['sh', ['-c', code]],
  JavaScript: (code) => [process.execPath, ['--input-type=module', '--eval', code]],
  Python: (code) => ['python3', ['-c', code]],
  PHP: (code) => ['php', ['-r', code.replace('<?php', '')]],
};
const probes: Record<Language, [string, string[]]> = {
  curl: ['curl', ['--version']],
  JavaScript: [process.execPath, ['--version']],
  Python: ['python3', ['--version']],
  PHP: ['php', ['--version']],
};
const isThere = Object.fromEntries(
  await Promise.all(
    languages.map(
      async (language) => [language, await run(...probes[language]).then(Boolean, () => false)] as const,
    ),
  ),
);

let db: TestDatabase;
let account: TestAccount;
let key: string;
let server: Server;
let base: string;
const kept = globalThis as { clientZoneDatabase?: TestDatabase };

beforeAll(async () => {
  db = kept.clientZoneDatabase = await createTestDatabase();
  account = await createAccount(db.pool, { credits: 1_000 });
  ({ secret: key } = await createApiKey(db.pool, account));
  server = createServer((request, response) => {
    void (async () => {
      const hasBody = request.method === 'POST';
      const init = {
        method: request.method ?? 'GET',
        headers: request.headers as Record<string, string>,
        ...(hasBody && { body: Readable.toWeb(request) as ReadableStream, duplex: 'half' }),
      };
      const { response: answer } = await answerApi(new Request(`http://localhost${request.url}`, init));
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.end(Buffer.from(await answer.arrayBuffer()));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2`;
});
afterAll(async () => {
  server.close();
  delete kept.clientZoneDatabase;
  await db.close();
});

const runExample = async (code: string, language: Language, secret = key) => {
  const [command, given] = runners[language](code);
  return run(command, given, { env: { ...process.env, CLIENT_ZONE_KEY: secret }, timeout: 20_000 });
};

for (const language of languages) {
  // Left out where a machine has not got the language, but not where nobody would notice: in CI.
  test.skipIf(!isThere[language] && !process.env.CI)(
    `the examples in ${language} do what they say`,
    { timeout: 120_000 },
    async () => {
      const advice = `There is no ${language}: on Debian, apt-get install curl python3 php-cli.`;
      expect(isThere[language], advice).toBe(true);
      const add = operations.find(({ id }) => id === 'addOptOut');
      for (const operation of operations) {
        // Whoever gets or removes a number has one.
        if (add) await answerApi(composeRequest('/opt-outs/27821234567', 'PUT'));
        const named = operation.path.includes('{id}')
          ? { ...operation, example: { params: { id: await scheduleMessage() } } }
          : operation;
        const { stdout } = await runExample(composeExample(named, language, base), language);
        const json = /\{.*\}/s.exec(stdout)?.[0];
        if (operation.answers[204] === null) expect(json).toBeUndefined();
        else expect(Object.keys(JSON.parse(json ?? 'null') as object).length).toBeGreaterThan(0);
      }
      // What was not done does not look as if it were.
      const [first] = operations;
      if (!first) throw new Error('There are no operations.');
      await expect(runExample(composeExample(first, language, base), language, 'cz_wrong')).rejects.toThrow();
    },
  );
}

/** A message that waits for its time, for whoever reads or cancels one; answers with its id. */
async function scheduleMessage(): Promise<string> {
  const sendAt = new Date(Date.now() + 86_400_000).toISOString();
  const body = JSON.stringify({ to: ['0841234567'], text: 'Tomorrow', sendAt });
  const request = new Request(`${base}/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body,
  });
  const { response } = await answerApi(request);
  const sent = (await response.json()) as { recipients: { messageId: string }[] };
  return sent.recipients[0]?.messageId as string;
}

function composeRequest(path: string, method: string): Request {
  return new Request(`${base}${path}`, { method, headers: { authorization: `Bearer ${key}` } });
}

test('the page has every operation with every language, and no answer that it does not explain', () => {
  const { operations: shown, schemas } = describeApi();
  expect(shown.map(({ id }) => id)).toEqual(operations.map(({ id }) => id));
  const names = schemas.map(({ name }) => name);
  const problems = describeProblems().map(({ code }) => code);
  for (const operation of shown) {
    expect(operation.examples.map(({ language }) => language)).toEqual([...languages]);
    for (const { schema } of operation.answers) if (schema !== null) expect(names).toContain(schema);
    for (const { code } of operation.problems) expect(problems).toContain(code);
  }
});

test('the description is served, each operation with an id of its own, and refers to nothing that is not there', async () => {
  const { response } = await answerApi(new Request(`${base}/openapi.json`));
  const text = await response.text();
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(composeOpenApi())));
  const document = JSON.parse(text) as { openapi: string; components: { schemas: object; headers: object } };
  expect(document.openapi).toBe('3.1.0');
  const references = [...text.matchAll(/"\$ref":"#\/components\/(schemas|headers)\/([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(0);
  for (const [, kind, name] of references) {
    expect(Object.keys(document.components[kind as 'schemas' | 'headers'])).toContain(name);
  }
  const ids = [...text.matchAll(/"operationId":"(\w+)"/g)].map(([, id]) => id);
  expect(ids).toHaveLength(operations.length);
  expect(new Set(ids).size).toBe(ids.length);
});
