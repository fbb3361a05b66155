import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDatabase, PartialCommitError, type Database } from '@/lib/db/client';
import { keepsConnections } from '@/lib/db/distribute';
import { withClient } from '@/lib/db/with-client';
import { acceptMessages } from '@/lib/messages/commands';
import { receiveReplies } from '@/lib/replies/commands';
import type { IncomingReply } from '@/lib/replies/schema';
import { prepareCitus, type TestServer } from './citus-server';
import { dropDatabase } from './drop-database';
import { composeReply, createAccount, nextMsisdn, topUp, type TestAccount } from './factories';
import { NodeProxy } from './node-proxy';

const citusUrl = process.env['CITUS_URL'];
if (citusUrl === undefined)
  console.info('What a machine leaves half committed was left out: CITUS_URL is not set.');

/**
 * A machine of a cluster goes away when what it has prepared is to be committed: Citus then says COMMIT, with
 * a warning, and that part comes into force when the machine is back and recovery has run.
 */
describe.skipIf(citusUrl === undefined)('a machine that goes away within a commit', () => {
  const proxies: NodeProxy[] = [];
  let server: TestServer;
  let database: Database;
  let accounts: TestAccount[];
  const name = `test_${randomUUID().slice(0, 8)}`;

  beforeAll(async () => {
    server = await prepareCitus(citusUrl as string, async (machine) => {
      const proxy = await NodeProxy.start(machine);
      proxies.push(proxy);
      return { host: machine.host, port: proxy.port };
    });
    for (const machine of server.machines)
      await query(machine, `create database ${name} template ${server.template}`);
    await query(server.machines[0] as string, `alter database ${name} set ${keepsConnections}`);
    database = createDatabase(server.programUrl(name), 4);
    accounts = [];
    for (let made = 0; made < 8; made++) accounts.push(await createAccount(database.pool));
  });
  afterAll(async () => {
    await database.close();
    for (const machine of server.machines) await dropDatabase(machine, name);
    await server.stop();
    for (const proxy of proxies) await proxy.close();
  });
  beforeEach(async () => {
    for (const proxy of proxies) proxy.comeBack();
  });

  /** Which of the machines has the rows of an account, or of a number; -1: the coordinator. */
  async function findMachine(table: string, key: string | number): Promise<number> {
    const { rows } = await withClient(server.url(name), (client) =>
      client.query<{ port: number }>(
        `select nodeport as port from pg_dist_placement join pg_dist_node using (groupid)
         where shardid = get_shard_id_for_distribution_column($1, $2::${typeof key === 'number' ? 'int' : 'text'})`,
        [table, key],
      ),
    );
    return proxies.findIndex(({ port }) => port === rows[0]?.port);
  }

  /** A "Stop" to each account on a machine, from a number whose receipt lies on this or that one. */
  async function composeStops(accountsOn: number, receiptsOn: number): Promise<IncomingReply[]> {
    const replies: IncomingReply[] = [];
    for (const account of accounts) {
      if ((await findMachine('credit_balance', account.id)) !== accountsOn) continue;
      let from = nextMsisdn();
      while ((await findMachine('carrier_receipt', from)) !== receiptsOn) from = nextMsisdn();
      replies.push(composeReply({ from, to: account.senderNumber as string, text: 'Stop' }));
    }
    return replies;
  }

  test.each([
    { away: 0, receiptsOn: 0, what: 'receipts and accounts wait' },
    { away: 0, receiptsOn: 1, what: 'accounts wait, their receipts are there' },
    { away: 1, receiptsOn: 0, what: 'accounts wait, their receipts are there' },
  ])('machine $away, $what: it is in force when it is acknowledged, once', async ({ away, receiptsOn }) => {
    const proxy = proxies[away] as NodeProxy;
    const replies = [
      ...(await composeStops(away, receiptsOn)),
      // so that another machine has to commit, too
      ...(await composeStops(1 - away, 1 - away)),
    ];
    proxy.leaveAtCommit();
    await expect(receiveReplies(database.pool, replies)).rejects.toThrow(PartialCommitError);
    expect(proxy.hasLeft).toBe(true);
    await expect(receiveReplies(database.pool, replies)).rejects.toThrow();

    proxy.comeBack();
    await persist(() => receiveReplies(database.pool, replies));
    for (const [what, from] of [
      ['opt-outs', 'opt_out where'],
      ['confirmations', `message where kind = 'CONFIRMATION' and`],
      ['replies', 'reply where'],
      ['events', 'opt_out_event where'],
    ] as const) {
      const { rows } = await database.pool.query(
        `select from ${from} account_id = any ($1) and msisdn = any ($2)`,
        [accounts.map(({ id }) => id), replies.map(({ from: number }) => number)],
      );
      expect([what, rows.length]).toEqual([what, replies.length]);
    }
  });

  test('messages that are accepted already: their recipients are known as the account’s when that is said', async () => {
    const proxy = proxies[1] as NodeProxy;
    const account = accounts[await findIndexOn(0)] as TestAccount;
    await topUp(database.pool, account.id, 10);
    let recipient = nextMsisdn();
    while ((await findMachine('conversation', recipient)) !== 1) recipient = nextMsisdn();
    const send = () =>
      acceptMessages(database.pool, account.scope, {
        recipients: [recipient],
        text: 'Your parcel is here.',
        idempotencyKey: 'half-committed',
        purpose: 'SERVICE',
      });
    proxy.leaveAtCommit();
    await expect(send()).rejects.toThrow(PartialCommitError);
    await expect(send()).rejects.toThrow();

    proxy.comeBack();
    const accepted = await persist(send);
    expect(accepted).toMatchObject({ ok: true });
    const { rows } = await database.pool.query(
      'select account_id as "accountId" from conversation where msisdn = $1',
      [recipient],
    );
    expect(rows).toEqual([{ accountId: account.id }]);
  });

  async function findIndexOn(machine: number): Promise<number> {
    for (const [index, { id }] of accounts.entries())
      if ((await findMachine('credit_balance', id)) === machine) return index;
    throw new Error('No account lies there.');
  }
});

/** Again and again until it is taken, as whoever is not answered does. */
async function persist<Result>(work: () => Promise<Result>): Promise<Result> {
  const end = Date.now() + 60_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > end) throw error;
      await delay(20);
    }
  }
}

const query = (url: string, text: string) => withClient(url, (client) => client.query(text));
