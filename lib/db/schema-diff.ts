import { noFilters } from '@/lib/db/migrate';
import { withSchemaEngine } from '@/lib/db/schema-engine';

/**
 * The SQL that takes a database to a Prisma schema; empty when it is there, whatever else it holds beside it.
 */
export async function diffFromSchema(url: string, schema: string): Promise<string> {
  const files = [{ path: 'schema.prisma', content: schema }];
  const { stdout } = await withSchemaEngine(url, (engine) =>
    engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: '.' },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: noFilters,
    }),
  );
  const sql = stdout ?? '';
  return sql.includes('This is an empty migration') ? '' : sql;
}
