import { hash } from 'node:crypto';
import type { Pool } from 'pg';
import { withTransaction } from '@/lib/db/client';
import { isAboutContent, nameFault } from '@/lib/db/content-errors';
import { statement } from '@/lib/db/statement';
import { tellStaff } from '@/lib/events/account-changes';
import { isStopping, whenStopping } from '@/lib/http/stopping';
import { log } from '@/lib/log';
import { countSetAside } from '@/lib/metrics/counters';
import { combineKeywords } from '@/lib/opt-outs/combine-keywords';
import { readReply } from '@/lib/replies/read-reply';
import { storedVerdicts, type IncomingReply, type StoredVerdict } from '@/lib/replies/schema';
import { readHandedOver, type HandedOver } from './handed-over';

/**
 * How long it is until a message is tried again that failed for a reason of its own. With what the tries take
 * it is less than the 30 s for which Kannel's smsbox waits for an answer.
 */
const defaultPausesMs: readonly number[] = [1_000, 4_000, 10_000];

/**
 * How many wait at a time for another try. Each holds one of the places (a hundred, of smsbox) by which
 * Kannel hands over whatever there is: with all of them held everybody's opt-outs would wait.
 */
const mostWaiting = 20;
let waiting = 0;

export interface TryingOver {
  /** A pause before each further try. Left out: a second, four, ten. */
  pausesMs?: readonly number[] | undefined;
  /** Whoever waits for it leaves: what is not recorded by then is handed over again. */
  signal?: AbortSignal | undefined;
}

type Tried<Value> = { ok: true; value: Value } | { ok: false; error: unknown; attempts: number };

/**
 * Records something, and tries again while it fails for a reason of its own: what it collides with may be
 * gone a moment later. Not while many wait for that already: so many at once do not fail by accident.
 *
 * @returns `ok: false` when it has failed so each time
 * @throws any other error at once, and the last one when it is to leave: nothing has been recorded then
 */
export async function tryOver<Value>(
  record: () => Promise<Value>,
  { pausesMs = defaultPausesMs, signal }: TryingOver,
): Promise<Tried<Value>> {
  for (let attempts = 1; ; attempts++) {
    try {
      return { ok: true, value: await record() };
    } catch (error) {
      if (!isAboutContent(error)) throw error;
      const pauseMs = pausesMs[attempts - 1];
      if (pauseMs === undefined || waiting >= mostWaiting) return { ok: false, error, attempts };
      waiting += 1;
      const hasPassed = await pause(pauseMs, signal).finally(() => (waiting -= 1));
      if (!hasPassed) throw error;
    }
  }
}

/** Whether it has passed: not when the process stops, or `signal` says so. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  if (isStopping() || signal?.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const end = (hasPassed: boolean) => {
      clearTimeout(timer);
      forget();
      signal?.removeEventListener('abort', cut);
      resolve(hasPassed);
    };
    const cut = () => end(false);
    const timer = setTimeout(() => end(true), ms);
    const forget = whenStopping(cut);
    signal?.addEventListener('abort', cut);
  });
}

/**
 * Records a reply, or, when that fails for a reason of its own each time, sets it aside for the staff: with
 * all its bytes, in the database. When this resolves, the carrier need not keep it any more.
 *
 * @param handedOver asked for only when it is to be set aside
 * @returns null when it was set aside
 * @throws when it is neither recorded nor set aside: the carrier is to hand it over again
 */
export async function recordOrSetAside<Value>(
  { pool, pausesMs }: { pool: Pool; pausesMs?: readonly number[] | undefined },
  {
    record,
    handedOver,
    signal,
  }: { record: () => Promise<Value>; handedOver: () => HandedOver; signal?: AbortSignal | undefined },
): Promise<Value | null> {
  const tried = await tryOver(record, { pausesMs, signal });
  if (tried.ok) return tried.value;
  await setAside(pool, handedOver(), tried);
  return null;
}

const insert = statement({
  name: 'set-aside-reply',
  values: {
    carrier: 'text',
    door: 'CarrierDoor',
    content: 'bytea',
    contentType: 'text?',
    contentHash: 'uuid',
    msisdn: 'text?',
    senderNumber: 'text?',
    text: 'text?',
    verdict: 'Verdict',
    receivedAt: 'timestamptz',
    fault: 'text',
    attempts: 'int4',
  },
  sql: ($) => `
    insert into set_aside_reply (carrier, door, content, content_type, content_hash, msisdn, sender_number, text, verdict,
      received_at, fault, attempts, tried_at)
    values (${$.carrier}, ${$.door}, ${$.content}, ${$.contentType}, ${$.contentHash}, ${$.msisdn}, ${$.senderNumber},
      ${$.text}, ${$.verdict}, ${$.receivedAt}, ${$.fault}, ${$.attempts}, now())
    on conflict (carrier, content_hash) do nothing`,
});

const readKeywords = statement({
  name: 'set-aside-keywords',
  columns: { word: 'PlatformKeyword.word', match: 'PlatformKeyword.match' },
  sql: () => 'select word, match from platform_keyword order by id',
});

async function setAside(
  pool: Pool,
  handed: HandedOver,
  { error, attempts }: { error: unknown; attempts: number },
): Promise<void> {
  const { carrier, door, content, contentType, receivedAt } = handed;
  const fault = nameFault(error);
  const reply = readIfPossible(handed);
  const verdict = await withTransaction(pool, async (client) => {
    const verdict = judge(reply, combineKeywords(await readKeywords.all(client, {}), []));
    const isNew = await insert.run(client, {
      carrier,
      door,
      content,
      contentType,
      contentHash: hash('md5', Buffer.concat([Buffer.from(`${door} `), content]), 'hex'),
      msisdn: reply?.from ?? null,
      senderNumber: reply?.to ?? null,
      text: reply?.text ?? null,
      verdict,
      receivedAt,
      fault,
      attempts,
    });
    if (isNew) await tellStaff(client, 'unowned-replies');
    return verdict;
  });
  countSetAside();
  log.error(
    { carrier, door, fault, attempts, verdict, carrierMessageId: reply?.carrierMessageId },
    'A reply cannot be recorded; it is set aside for the staff',
  );
}

function readIfPossible(handed: HandedOver): IncomingReply | null {
  try {
    return readHandedOver(handed, handed.receivedAt).reply;
  } catch (error) {
    if (!isAboutContent(error)) throw error;
    // That is what it is set aside for.
    return null;
  }
}

/** What it reads like; what nobody can read may be a wish. */
function judge(reply: IncomingReply | null, keywords: ReturnType<typeof combineKeywords>): StoredVerdict {
  if (!reply) return 'REVIEW';
  try {
    return storedVerdicts[readReply(reply, keywords).verdict];
  } catch (error) {
    if (!isAboutContent(error)) throw error;
    return 'REVIEW';
  }
}
