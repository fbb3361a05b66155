/**
 * Writes prisma/migrations/<time>_NAME/migration.sql: what it takes to get from the migrations there are to
 * prisma/schema.prisma. The former is found by applying them to a throw-away PostgreSQL.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startThrowaway } from '@/lib/db/embedded/embedded';
import { diffFromSchema } from '@/lib/db/schema-diff';
import { applyMigrations } from '@/lib/db/migrate';
import { migrationsFolder } from '@/lib/db/migrations';

const name = process.argv[2];
if (!name || !/^[a-z0-9_]+$/.test(name)) {
  console.error('Say what the migration does, in lower case: npm run new-migration add_webhooks');
  process.exit(1);
}

await mkdir(migrationsFolder, { recursive: true });
const server = await startThrowaway();
try {
  const url = server.url('postgres');
  await applyMigrations(url);
  const sql = await diffFromSchema(url, await readFile('prisma/schema.prisma', 'utf8'));
  if (sql === '') {
    console.log('The migrations already say what prisma/schema.prisma says; nothing was written.');
  } else {
    const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
    const file = path.join(migrationsFolder, `${time}_${name}`, 'migration.sql');
    await mkdir(path.dirname(file));
    await writeFile(file, sql);
    console.log(`Wrote ${path.relative('.', file)}. Read it, and add what the schema cannot say.`);
  }
} finally {
  await server.stop();
}
