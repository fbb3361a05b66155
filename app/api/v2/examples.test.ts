import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { composeExample, languages, type Language } from '@/lib/api-v2/examples';
import { composeOpenApi } from '@/lib/api-v2/openapi';
import { operations } from '@/lib/api-v2/operations';
import { describeApi, describeProblems } from '@/lib/api-v2/queries';
import { answerApi } from '@/testing/api-client';
import { arrangeExample } from '@/testing/api-examples';
import { createApiKey } from '@/testing/api-keys';
import { startApiServer, type ApiServer } from '@/testing/api-server';
import { createAccount, type TestAccount } from '@/testing/factories';
import { isLong } from '@/testing/property-runs';
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
let server: ApiServer;
let base: string;
const kept = globalThis as { clientZoneDatabase?: TestDatabase };

beforeAll(async () => {
  db = kept.clientZoneDatabase = await createTestDatabase();
  account = await createAccount(db.pool, { credits: 1_000 });
  ({ secret: key } = await createApiKey(db.pool, account));
  server = await startApiServer();
  ({ base } = server);
});
afterAll(async () => {
  await server.close();
  delete kept.clientZoneDatabase;
  await db.close();
});

const runExample = async (code: string, language: Language, secret = key) => {
  const [command, given] = runners[language](code);
  return run(command, given, { env: { ...process.env, CLIENT_ZONE_KEY: secret }, timeout: 20_000 });
};

/**
 * Interpreters that are slow to start run one program after another, each line of their input: each a module
 * of its own.
 */
const sessions: Partial<Record<Language, [string, string[]]>> = {
  JavaScript: [
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { createInterface } from 'node:readline';
      let printed = [];
      console.log = (...all) => printed.push(all.join(' '));
      let count = 0;
      for await (const line of createInterface({ input: process.stdin })) {
        printed = [];
        let error = null;
        const code = JSON.parse(line) + '\\n// ' + (count += 1);
        try { await import('data:text/javascript,' + encodeURIComponent(code)); } catch (caught) { error = caught.stack; }
        process.stdout.write(JSON.stringify({ stdout: printed.join('\\n'), error }) + '\\n');
      }`,
    ],
  ],
  Python: [
    'python3',
    [
      '-c',
      `import contextlib, io, json, sys, traceback
for line in sys.stdin:
    out, error = io.StringIO(), None
    try:
        with contextlib.redirect_stdout(out): exec(json.loads(line), {"__name__": "__main__"})
    except BaseException: error = traceback.format_exc()
    print(json.dumps({"stdout": out.getvalue(), "error": error}), flush=True)`,
    ],
  ],
  PHP: [
    'php',
    [
      '-r',
      `function run($code) {
        ob_start();
        $error = null;
        try { eval(str_replace('<?php', '', $code)); } catch (Throwable $caught) { $error = (string) $caught; }
        return ['stdout' => ob_get_clean(), 'error' => $error];
      }
      while (($line = fgets(STDIN)) !== false) echo json_encode(run(json_decode($line))), "\\n";`,
    ],
  ],
};

interface Session {
  run: (code: string) => Promise<{ stdout: string }>;
  end: () => void;
}

function openSession(language: Language): Session {
  const described = sessions[language];
  if (!described) return { run: (code) => runExample(code, language), end: () => undefined };
  const [command, given] = described;
  const program = spawn(command, given, {
    env: { ...process.env, CLIENT_ZONE_KEY: key },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  return {
    run: async (code) => {
      program.stdin.write(`${JSON.stringify(code)}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`${language} ended.`);
      const { stdout, error } = JSON.parse(value) as { stdout: string; error: string | null };
      if (error !== null) throw new Error(error);
      return { stdout };
    },
    end: () => program.stdin.end(),
  };
}

for (const [turn, language] of languages.entries()) {
  /** What is run in this language: all in the long form, else each example in one of the languages. */
  const tried = operations.filter((_, index) => isLong || index % languages.length === turn);

  // Left out where a machine has not got the language, but not where nobody would notice: in CI.
  test.skipIf(!isThere[language] && !process.env.CI)(
    `the examples in ${language} do what they say`,
    { timeout: 120_000 },
    async () => {
      const advice = `There is no ${language}: on Debian, apt-get install curl python3 php-cli.`;
      expect(isThere[language], advice).toBe(true);
      server.answered.clear();
      const session = openSession(language);
      for (const operation of tried) {
        const arranged = await arrangeExample(db.pool, account, key, operation);
        const { stdout } = await session.run(composeExample(arranged, language, base));
        const json = /\{.*\}/s.exec(stdout)?.[0];
        if (operation.answers[204] === null) expect(json).toBeUndefined();
        else expect(Object.keys(JSON.parse(json ?? 'null') as object).length).toBeGreaterThan(0);
      }
      session.end();
      // Each as the description names it, and with no answer that it does not describe.
      const asked = [...server.answered].map((one) => one.replace(/ \d+$/, ''));
      expect(asked.sort()).toEqual(tried.map(({ method, path }) => `${method} ${path}`).sort());
      expect(server.faults).toEqual([]);
      // What was not done does not look as if it were.
      const [first] = operations;
      if (!first) throw new Error('There are no operations.');
      await expect(runExample(composeExample(first, language, base), language, 'cz_wrong')).rejects.toThrow();
    },
  );
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
