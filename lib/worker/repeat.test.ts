import { expect, test } from 'vitest';
import { waitUntil } from '@/testing/poll';
import { repeat } from './repeat';

const anHour = 3_600_000;

test('goes on at once while there is more, then pauses', async () => {
  let runs = 0;
  const stop = repeat('test', anHour, async () => (runs += 1) < 5);
  await waitUntil('it has run five times', () => runs === 5);
  await stop();
  expect(runs).toBe(5);
});

test('a failure ends nothing', async () => {
  let runs = 0;
  const stop = repeat('test', 1, async () => {
    runs += 1;
    if (runs < 3) throw new Error('not yet');
    return false;
  });
  await waitUntil('it has run again after two failures', () => runs > 3);
  await stop();
});

test('stopping cuts a pause short and lets a run end', async () => {
  let finish = () => {};
  let runs = 0;
  const stop = repeat('test', anHour, async () => {
    runs += 1;
    await new Promise<void>((resolve) => (finish = resolve));
    return true;
  });
  let stopped = false;
  const stopping = stop().then(() => (stopped = true));
  await Promise.resolve();
  expect(stopped).toBe(false);
  finish();
  await stopping;
  expect(runs).toBe(1);

  const stopPausing = repeat('test', anHour, async () => false);
  await stopPausing();
});
