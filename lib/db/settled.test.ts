import type { PoolClient } from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { serverQuestion } from './one-server';
import { UnsettledCommitError, waitUntilSettled } from './settled';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A connection to a coordinator; its machines say by turns what is prepared; `null`: no answer. */
function connect(...answers: (readonly (string | null)[])[]) {
  const asked = vi.fn(async (text: string) => {
    if (text === serverQuestion) return { rows: [{ found: true }] };
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
    return {
      rows: answer.map((result) => ({ success: result !== null, result: result ?? 'no connection' })),
    };
  });
  return { client: { query: asked } as unknown as PoolClient, asked };
}

async function settle(client: PoolClient): Promise<unknown> {
  const settled = waitUntilSettled(client).then(
    () => 'settled',
    (error: unknown) => error,
  );
  await vi.advanceTimersByTimeAsync(10_000);
  return settled;
}

test.each([
  ['nothing is prepared', [['', '']], 1],
  [
    'what was prepared has ended',
    [
      ['citus_0_1 citus_0_2', 'citus_0_3'],
      ['citus_0_2', ''],
      ['', ''],
    ],
    3,
  ],
  [
    'what is prepared since is not waited for',
    [
      ['citus_0_1', ''],
      ['', 'citus_0_9'],
    ],
    2,
  ],
  [
    'a machine is back',
    [
      ['', null],
      ['citus_0_1', ''],
      ['', ''],
    ],
    3,
  ],
] as const)('%s', async (_, answers, looks) => {
  const { client, asked } = connect(...answers);
  expect(await settle(client)).toBe('settled');
  expect(asked).toHaveBeenCalledTimes(1 + looks);
});

test.each([
  ['what stays prepared', ['citus_0_1', '']],
  ['a machine that stays away', ['', null]],
] as const)('%s is an error: to be tried again', async (_, answer) => {
  expect(await settle(connect(answer).client)).toBeInstanceOf(UnsettledCommitError);
});

test('one PostgreSQL is asked no more than what it is', async () => {
  const asked = vi.fn(async () => ({ rows: [{ found: false }] }));
  expect(await settle({ query: asked } as unknown as PoolClient)).toBe('settled');
  expect(asked.mock.calls).toEqual([[serverQuestion]]);
});
