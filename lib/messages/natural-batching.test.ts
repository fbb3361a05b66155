import { describe, expect, test } from 'vitest';
import { NaturalBatcher, type BatchLimits } from './natural-batching';

/** A writer that holds each batch until it is told to go on. */
class HeldWriter {
  readonly batches: string[][] = [];
  private readonly held: (() => void)[] = [];

  readonly write = async (items: string[]): Promise<string[]> => {
    this.batches.push(items);
    await new Promise<void>((resolve) => this.held.push(resolve));
    return items.map((item) => item.toUpperCase());
  };

  /** Ends the batch under way. */
  async release(): Promise<void> {
    this.held.shift()?.();
    await settle();
  }
}

/** Lets every promise that can go on do so. */
const settle = () => new Promise((resolve) => setImmediate(resolve));
const limits: BatchLimits<string> = { maxItems: 100, maxWeight: 1000, weigh: (item) => item.length };
const neverFatal = () => false;

describe('gathering', () => {
  test('an item that finds it idle is written at once, alone', async () => {
    const writer = new HeldWriter();
    const batcher = new NaturalBatcher(writer.write, limits, neverFatal);
    const result = batcher.submit('a');
    expect(writer.batches).toEqual([['a']]);
    await writer.release();
    expect(await result).toBe('A');
  });

  test('what arrives while a batch is written makes the next one, in order', async () => {
    const writer = new HeldWriter();
    const batcher = new NaturalBatcher(writer.write, limits, neverFatal);
    const results = ['a', 'b', 'c', 'd'].map((item) => batcher.submit(item));
    expect(writer.batches).toEqual([['a']]);
    await writer.release();
    expect(writer.batches).toEqual([['a'], ['b', 'c', 'd']]);
    await writer.release();
    expect(await Promise.all(results)).toEqual(['A', 'B', 'C', 'D']);
  });

  test('is idle again afterwards', async () => {
    const batcher = new NaturalBatcher(async (items: string[]) => items, limits, neverFatal);
    expect(await batcher.submit('a')).toBe('a');
    expect(await batcher.submit('b')).toBe('b');
  });

  test('a batch has at most so many items, and so much weight; an item beyond that goes alone', async () => {
    const writer = new HeldWriter();
    const batcher = new NaturalBatcher(writer.write, { ...limits, maxItems: 3, maxWeight: 10 }, neverFatal);
    const items = ['first', 'a', 'b', 'c', 'd', 'eeeeeeeee', 'ffffffffffffffff', 'g'];
    const results = items.map((item) => batcher.submit(item));
    while (writer.batches.flat().length < items.length) await writer.release();
    await writer.release();
    expect(writer.batches).toEqual([
      ['first'],
      ['a', 'b', 'c'],
      ['d', 'eeeeeeeee'],
      ['ffffffffffffffff'],
      ['g'],
    ]);
    await Promise.all(results);
  });
});

describe('failing', () => {
  /** Fails whenever one of these is in the batch. */
  function writeAllBut(...poison: string[]) {
    const written: string[][] = [];
    const write = async (items: string[]): Promise<string[]> => {
      const bad = items.find((item) => poison.includes(item));
      if (bad !== undefined) throw new Error(`cannot write ${bad}`);
      written.push(items);
      return items;
    };
    return { write, written };
  }

  test('an item at fault fails alone, however it lies in the batch; the others are written once', async () => {
    const items = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    for (const poison of items) {
      const { write, written } = writeAllBut(poison);
      const batcher = new NaturalBatcher(write, limits, neverFatal);
      const results = await Promise.allSettled(['first', ...items].map((item) => batcher.submit(item)));
      expect(results.map(({ status }) => status)).toEqual(
        ['first', ...items].map((item) => (item === poison ? 'rejected' : 'fulfilled')),
      );
      expect(written.flat()).toEqual(['first', ...items].filter((item) => item !== poison));
    }
  });

  test('several at fault fail, each with its own reason', async () => {
    const { write } = writeAllBut('b', 'd');
    const batcher = new NaturalBatcher(write, limits, neverFatal);
    const results = await Promise.allSettled(['a', 'b', 'c', 'd'].map((item) => batcher.submit(item)));
    expect(
      results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : [])),
    ).toEqual(['Error: cannot write b', 'Error: cannot write d']);
  });

  test('an error that splitting cannot mend fails the batch at once, and the next one is tried', async () => {
    let calls = 0;
    let down = true;
    const batcher = new NaturalBatcher(
      async (items: string[]) => {
        calls += 1;
        if (down) throw new Error('the database is away');
        return items;
      },
      limits,
      () => true,
    );
    const results = await Promise.allSettled(['a', 'b', 'c', 'd'].map((item) => batcher.submit(item)));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    // the first alone, then the three that had gathered
    expect(calls).toBe(2);
    down = false;
    expect(await batcher.submit('e')).toBe('e');
  });
});
