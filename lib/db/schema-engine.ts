import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import type * as SchemaEngineModule from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { Pool, QueryResult } from 'pg';
import { isDistributed } from '@/lib/db/distribute';
import { withPool } from '@/lib/db/with-pool';

/*
 * Prisma's own command line downloads a native schema engine. The same engine comes as WebAssembly in a
 * package (docs/decisions/0011-migrations.md), which is loaded here by hand, since Node.js 20 cannot import
 * such a module.
 */
const enginePackage = '@prisma/schema-engine-wasm/schema_engine_bg';

type EngineModule = typeof SchemaEngineModule & { __wbg_set_wasm(exports: WebAssembly.Exports): void };

let loaded: Promise<EngineModule> | undefined;

function loadEngine(): Promise<EngineModule> {
  return (loaded ??= instantiateEngine());
}

async function instantiateEngine(): Promise<EngineModule> {
  const script = createRequire(import.meta.url).resolve(enginePackage);
  const wasm = await readFile(script.replace(/\.js$/, '.wasm'));
  const engineModule = (await import('@prisma/schema-engine-wasm/schema_engine_bg')) as EngineModule;
  const { instance } = await WebAssembly.instantiate(wasm, {
    [`./${path.basename(script)}`]: engineModule as unknown as WebAssembly.ModuleImports,
  });
  engineModule.__wbg_set_wasm(instance.exports);
  (instance.exports as { __wbindgen_start(): void }).__wbindgen_start();
  return engineModule;
}

/** Gives `work` a schema engine connected to a database. */
export async function withSchemaEngine<Result>(
  url: string,
  work: (engine: SchemaEngine) => Promise<Result>,
): Promise<Result> {
  const { SchemaEngine } = await loadEngine();
  return withPool(url, async (pool) => {
    const factory = new EngineAdapterFactory(pool);
    const bound = bindMigrationAwareSqlAdapterFactory(factory);
    const engine = await SchemaEngine.new({ datamodels: undefined }, () => undefined, bound);
    try {
      return await work(engine);
    } catch (error) {
      // What PostgreSQL said says more than what the engine makes of it ("external connector error").
      throw factory.scriptError ?? error;
    } finally {
      engine.free();
    }
  });
}

/** Prisma's adapter with two changes that the schema engine needs. Its pool has one connection. */
class EngineAdapterFactory extends PrismaPg {
  /** Why a migration failed. */
  scriptError: unknown;
  readonly #pool: Pool;
  readonly #runScript: (script: string) => Promise<unknown>;
  /** Which columns of the last answer hold one letter. */
  #letterColumns: number[] = [];

  constructor(pool: Pool) {
    super(pool);
    this.#pool = pool;
    const query = pool.query.bind(pool) as (...parameters: unknown[]) => Promise<QueryResult>;
    this.#runScript = query;
    // The engine reads PostgreSQL's catalogue, where much is said in the type "char", one letter. The adapter
    // does not know it and gives up: so it is shown text, and what it makes of that is put right below.
    pool.query = (async (...parameters: unknown[]) => {
      const result = await query(...parameters);
      const letters = result.fields.filter((field) => field.dataTypeID === letterType);
      this.#letterColumns = letters.map((field) => result.fields.indexOf(field));
      for (const field of letters) field.dataTypeID = textType;
      return result;
    }) as typeof pool.query;
  }

  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query);
      for (const column of this.#letterColumns) result.columnTypes[column] = ColumnTypeEnum.Character;
      return result;
    };

    // The adapter cuts a migration at every semicolon, which breaks the bodies of functions, and runs each
    // piece by itself. PostgreSQL takes the whole of it in one message, and runs that as one transaction.
    adapter.executeScript = async (script) => {
      try {
        if (await isDistributed(this.#pool)) await runApart(this.#pool, script);
        else await this.#runScript(script);
      } catch (error) {
        this.scriptError = error;
        throw error;
      }
    };
    return adapter;
  }
}

/**
 * The same on a cluster, where Citus hands the text it was sent on to the other machines, each of which takes
 * one command at a time: "create index" among others fails there ("cannot insert multiple commands").
 */
async function runApart(pool: Pool, script: string): Promise<void> {
  // read where it is needed alone: no other database asks for it
  const { parse } = await import('libpg-query');
  const { stmts = [] } = await parse(script);
  const bytes = Buffer.from(script);
  const client = await pool.connect();
  try {
    await client.query('begin');
    // Commands of many kinds in one transaction: one part of a table after the other.
    await client.query(`set local citus.multi_shard_modify_mode = 'sequential'`);
    for (const { stmt_location: from = 0, stmt_len: length = 0 } of stmts) {
      await client.query(bytes.subarray(from, length === 0 ? undefined : from + length).toString());
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

// Numbers of types in PostgreSQL's catalogue.
const letterType = 18;
const textType = 25;
