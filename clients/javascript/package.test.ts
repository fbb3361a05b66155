import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { composeClientSource, generatedFolder } from '@/scripts/client-source';
import { createApiKey } from '@/testing/api-keys';
import { startApiServer, type ApiServer } from '@/testing/api-server';
import { createAccount, createManualOptOut } from '@/testing/factories';
import { waitUntil } from '@/testing/poll';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';

const run = promisify(execFile);
const root = 'clients/javascript';
const built = mkdtempSync(path.join(tmpdir(), 'client-zone-api-'));
const kept = globalThis as { clientZoneDatabase?: TestDatabase };
let db: TestDatabase;
let server: ApiServer;
let key: string;

beforeAll(async () => {
  db = kept.clientZoneDatabase = await createTestDatabase();
  const account = await createAccount(db.pool, { credits: 10 });
  await createManualOptOut(db.pool, account, '27821234599');
  ({ secret: key } = await createApiKey(db.pool, account));
  server = await startApiServer();
});
afterAll(async () => {
  rmSync(built, { recursive: true });
  await server.close();
  delete kept.clientZoneDatabase;
  await db.close();
});

test('what is generated is what the API of today makes of it', async () => {
  const composed = await composeClientSource();
  expect(readdirSync(generatedFolder).sort()).toEqual(Object.keys(composed).sort());
  for (const [name, text] of Object.entries(composed)) {
    const found = readFileSync(path.join(generatedFolder, name), 'utf8');
    expect(found === text, `Run npm run generate-client: ${name} is not up to date.`).toBe(true);
  }
});

test(
  'it is built by itself, has no dependencies, and runs every example of its README',
  { timeout: 120_000 },
  async () => {
    await run(process.execPath, ['node_modules/typescript-7/bin/tsc', '-p', root, '--outDir', built]);
    const modules = readdirSync(built, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.js'),
    );
    expect(modules).toContain('index.js');
    for (const file of modules) {
      const imported = readFileSync(path.join(built, file), 'utf8').matchAll(
        /\bfrom '([^']+)'|\bimport\('([^']+)'\)/g,
      );
      for (const [, from, late] of imported) expect(from ?? late).toMatch(/^\.\.?\//);
    }
    expect(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))).not.toHaveProperty(
      'dependencies',
    );

    const examples = [
      ...readFileSync(path.join(root, 'README.md'), 'utf8').matchAll(/^```js\n([\s\S]*?)^```/gm),
    ];
    const printed: string[] = [];
    for (const [, example = ''] of examples) {
      const code = example
        .replace(`'client-zone-api'`, `'${pathToFileURL(path.join(built, 'index.js')).href}'`)
        .replace('https://client-zone.example/api/v2', server.base);
      const options = { env: { ...process.env, CLIENT_ZONE_KEY: key } };
      let text = '';
      // What is under way in other databases of the server holds the feed of changes back.
      await waitUntil('the changes are there', async () => {
        const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], options);
        text = stdout.trim();
        return text !== '0';
      });
      printed.push(text);
    }
    expect(printed).toEqual(['queued', '', '1', 'You may write to them.']);
  },
);
