import { afterEach, describe, expect, test, vi } from 'vitest';
import type { HandoverResult } from './carrier';
import { Pace } from './pace';

const sent: HandoverResult = { status: 'sent', carrierMessageId: '1' };
const busy: HandoverResult = { status: 'retry', reason: 'Busy.', retryDelayMs: 0, fault: 'busy' };
const results = (taken: number, refused: number) => [
  ...Array.from({ length: taken }, () => sent),
  ...Array.from({ length: refused }, () => busy),
];

describe('a carrier with a queue, that stays busy', () => {
  /** Batches of ten of which it refuses some, each 100 ms or later; answers with the waits after each. */
  function run(batches: number, refused: number, queueSize: number): { waits: number[]; urgent: number[] } {
    let now = 1_000_000;
    const pace = new Pace(100_000, queueSize, () => now);
    const waits: number[] = [];
    const urgent: number[] = [];
    for (let batch = 0; batch < batches; batch++) {
      pace.heed(results(10 - refused, refused));
      waits.push(pace.countWaitMs(false));
      urgent.push(pace.countWaitMs(true));
      now += Math.max(100, pace.countWaitMs(false));
    }
    return { waits, urgent };
  }

  test('gets nothing for as long as it needs to pass on what it holds, every five seconds', () => {
    const { waits, urgent } = run(120, 2, 100);
    const pauses = waits.flatMap((wait, at) => (wait > 0 ? [{ at, wait: Math.round(wait / 50) * 50 }] : []));
    // It takes eight of ten each 100 ms, 80 a second: a queue of 100 is empty after 1.25 s.
    expect(pauses).toEqual([
      { at: 50, wait: 1250 },
      { at: 101, wait: 1250 },
    ]);
    expect(urgent.every((wait) => wait === 0)).toBe(true);
  });

  test('has such a pause too when it took all, but only when it was asked again', () => {
    let now = 1_000_000;
    const pace = new Pace(100_000, 100, () => now);
    const took: HandoverResult[] = [...results(9, 0), { ...sent, wasBusy: true }];
    for (let batch = 0; batch < 50; batch++) {
      pace.heed(took);
      expect(pace.countWaitMs(false)).toBe(0);
      now += 100;
    }
    pace.heed(took);
    // 100 a second
    expect(Math.round(pace.countWaitMs(false) / 50) * 50).toBe(1_000);
  });

  test('has no such pause when it is not busy, or has no queue', () => {
    expect(Math.max(...run(120, 0, 100).waits)).toBe(0);
    expect(Math.max(...run(120, 2, 0).waits)).toBe(0);
  });

  test('waits five seconds at most, however little it takes', () => {
    const { waits } = run(60, 4, 1_000_000);
    expect(Math.max(...waits)).toBe(5_000);
  });
});

describe('a clock that is set back by an hour', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('keeps nothing from leaving', () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const pace = new Pace(1000);
    pace.spend(10, true);
    vi.setSystemTime(Date.now() - 3_600_000);
    pace.heed(results(0, 1));
    expect(pace.countWaitMs(false)).toBeLessThanOrEqual(1_000);
    expect(pace.countWaitMs(true)).toBeLessThanOrEqual(1_000);
  });
});
