import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { makeApiKey } from '@/lib/api-keys/commands';
import { mintAccountScope } from '@/lib/auth/scope';
import { acceptMessages } from '@/lib/messages/commands';
import { text } from './accept-messages';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { compareInterleaved, timeMs } from './interleave';
import { describeMsisdn, seedAccounts, seedHistory, seedOptOuts, seedUser } from './seed';
import { startWeb } from './web';

const accountId = 100;
const recipientCount = 1_000;
const checkedCount = 10_000;
/** So many small requests are under way at a time. */
const atOnce = 8;

/** What programs ask over HTTP, of the production web, against the same done without it. */
export async function benchApi(context: BenchContext): Promise<BenchRow[]> {
  const { pool, quick } = context;
  const optOutCount = quick ? 10_000 : 1_000_000;
  await seedAccounts(pool, [accountId]);
  await seedHistory(context, [accountId]);
  await seedOptOuts(pool, accountId, optOutCount);
  const scope = mintAccountScope(accountId, { userId: await seedUser(pool, accountId) });
  const key = await makeApiKey(
    pool,
    scope,
    {
      handle: randomUUID(),
      name: 'Bench',
      scopes: ['READ', 'SEND', 'OPT_OUTS'],
      networks: [],
      expiresAt: null,
    },
    new Date(),
  );
  if (!key.ok) throw new Error(key.message);
  process.env.API_REQUESTS_PER_MINUTE = '10000000';
  const web = await startWeb(context);
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const api: Api = {
    get: (path) => ask(agent, `${web.url}${path}`, 'GET', { authorization: key.secret }),
    post: (path, body) =>
      ask(agent, `${web.url}${path}`, 'POST', { authorization: key.secret }, JSON.stringify(body)),
  };
  try {
    const rounds = quick ? 3 : 15;
    return [
      await benchSending(context, api, scope, optOutCount, rounds),
      await benchChecking(context, api, optOutCount, rounds),
      await benchSmallRequest(api, rounds, quick ? 50 : 300),
    ];
  } finally {
    agent.destroy();
    await web.stop();
  }
}

interface Answer {
  status: number;
  body: string;
}

interface Api {
  get(path: string): Promise<Answer>;
  post(path: string, body: object): Promise<Answer>;
}

async function benchSending(
  { pool }: BenchContext,
  api: Api,
  scope: ReturnType<typeof mintAccountScope>,
  optOutCount: number,
  rounds: number,
): Promise<BenchRow> {
  const each = 3;
  let nextFree = optOutCount;
  let nextBlocked = 0;
  /** Every twentieth number is opted out; nobody was written to before. */
  const takeNumbers = () =>
    Array.from({ length: recipientCount }, (_, index) => {
      const msisdn = describeMsisdn(index % 20 === 0 ? nextBlocked++ : nextFree++);
      return `0${msisdn.slice(2)}`;
    });
  const take = () => Array.from({ length: each }, takeNumbers);
  const { timeRatio, oursMs, baselineMs } = await compareInterleaved(
    rounds,
    async () => {
      const batches = take();
      return timeMs(async () => {
        for (const numbers of batches) {
          const recipients = numbers.map((mobileNumber) => ({ mobileNumber }));
          const { status, body } = await api.post('/api/rest/v1/sms/outgoing/send', {
            message: text,
            recipients,
          });
          const accepted = body.split('"accepted":true').length - 1;
          if (status !== 200 || accepted !== recipientCount * 0.95) {
            throw new Error(`Sending was answered with ${status}, ${accepted} accepted.`);
          }
        }
      });
    },
    async () => {
      const batches = take();
      return timeMs(async () => {
        for (const recipients of batches) {
          const result = await acceptMessages(pool, scope, {
            recipients,
            text,
            idempotencyKey: randomUUID(),
          });
          if (!result.ok) throw new Error('A batch was not accepted.');
        }
      });
    },
  );
  return {
    name: 'send 1,000 recipients, REST v1 over HTTP',
    against: '`acceptMessages` in process',
    ratio: 1 / timeRatio,
    floor: 0.6,
    goal: 0.8,
    better: 'higher',
    detail: `${(oursMs / each).toFixed(1)} ms against ${(baselineMs / each).toFixed(1)} ms`,
  };
}

async function benchChecking(
  { pool }: BenchContext,
  api: Api,
  optOutCount: number,
  rounds: number,
): Promise<BenchRow> {
  let nextFree = optOutCount * 2;
  let nextBlocked = 0;
  /** Half of them are opted out. */
  const takeNumbers = () =>
    Array.from({ length: checkedCount }, (_, index) =>
      describeMsisdn(index % 2 === 0 ? nextBlocked++ % optOutCount : nextFree++),
    );
  const { timeRatio, oursMs, baselineMs } = await compareInterleaved(
    rounds,
    async () => {
      const numbers = takeNumbers().map((msisdn) => `+${msisdn}`);
      let answer: Answer | undefined;
      const elapsedMs = await timeMs(async () => {
        answer = await api.post('/api/v2/opt-outs/check', { numbers });
      });
      // how long its program takes to read the answer is not asked
      const { optedOut } = JSON.parse(answer?.body ?? '{}') as { optedOut?: number };
      if (answer?.status !== 200 || optedOut !== checkedCount / 2) {
        throw new Error(`A check was answered with ${answer?.status}, ${optedOut} found.`);
      }
      return elapsedMs;
    },
    async () => {
      const numbers = takeNumbers();
      return timeMs(async () => {
        const { rows } = await pool.query<{ found: number }>({
          name: 'plain-check',
          text: `select array_agg(msisdn) as free, $3::int - count(*)::int as found
            from unnest($2::text[]) as msisdn
            where not exists (select from opt_out where account_id = $1 and opt_out.msisdn = msisdn.msisdn)`,
          values: [accountId, `{${numbers.join(',')}}`, checkedCount],
        });
        if (rows[0]?.found !== checkedCount / 2) throw new Error(`${rows[0]?.found} found.`);
      });
    },
  );
  return {
    name: 'check of 10,000 numbers, /api/v2 over HTTP',
    against: 'the same anti-join in SQL, numbers as one array',
    ratio: 1 / timeRatio,
    floor: 0.5,
    goal: 0.8,
    better: 'higher',
    detail: `${oursMs.toFixed(1)} ms against ${baselineMs.toFixed(1)} ms; half of them opted out`,
  };
}

/** The balance, against a path of the same API that does nothing but answer that it is none. */
async function benchSmallRequest(api: Api, rounds: number, count: number): Promise<BenchRow> {
  const run = (path: string, wanted: number) =>
    timeMs(async () => {
      let left = count;
      const work = async () => {
        while (left-- > 0) {
          const { status } = await api.get(path);
          if (status !== wanted) throw new Error(`${path} was answered with ${status}.`);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
    });
  const { timeRatio, oursMs, baselineMs } = await compareInterleaved(
    rounds,
    () => run('/api/rest/v1/credits/balance', 200),
    () => run('/api/rest/v1/nothing', 404),
  );
  const perSecond = (ms: number) => Math.round((count / ms) * 1000).toLocaleString('en-ZA');
  return {
    name: 'single small GET with a key, over HTTP',
    against: 'the empty route handler',
    ratio: 1 / timeRatio,
    floor: 0.6,
    goal: 0.85,
    better: 'higher',
    detail: `${perSecond(oursMs)} against ${perSecond(baselineMs)} a second, ${atOnce} at a time`,
  };
}

function ask(
  agent: Agent,
  url: string,
  method: string,
  headers: Record<string, string>,
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const given = body === undefined ? headers : { ...headers, 'content-type': 'application/json' };
    request(url, { agent, method, headers: given }, (response) => {
      readText(response).then(
        (answered) => resolve({ status: response.statusCode ?? 0, body: answered }),
        reject,
      );
    })
      .on('error', reject)
      .end(body);
  });
}
