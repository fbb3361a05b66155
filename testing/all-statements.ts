import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { listStatements, type RegisteredStatement } from '@/lib/db/statement';

/** All statements of the program: of every module that describes one. */
export async function loadStatements(): Promise<RegisteredStatement[]> {
  const root = path.join(process.cwd(), 'lib');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ts$/.test(file) && !/\.test\.ts$|generated/.test(file))
    .map((file) => path.join(root, file))
    .filter((file) => /\b(statement|statementOf|readByKeyset)\(\{/.test(readFileSync(file, 'utf8')));
  for (const file of files) await import(/* @vite-ignore */ file);
  return listStatements();
}
