import { afterEach, expect, test, vi } from 'vitest';
import { Circuit } from './circuit';

afterEach(() => {
  vi.useRealTimers();
});

test('a carrier that fails is left alone for longer each time, tried with one message, and back at its success', () => {
  let now = 0;
  vi.useFakeTimers({ toFake: ['Date'], now });
  const circuit = new Circuit(() => now);
  circuit.fail();
  expect(circuit.state).toBe('closed');
  const pauses: number[] = [];
  for (let n = 0; n < 8; n++) {
    circuit.fail();
    expect(circuit.state).toBe('open');
    const until = circuit.openUntil?.getTime() ?? 0;
    pauses.push((until - now) / 1000);
    now = until - 1;
    vi.setSystemTime(now);
    expect(circuit.state).toBe('open');
    now = until;
    vi.setSystemTime(now);
    expect(circuit.state).toBe('probing');
  }
  expect(pauses).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
  circuit.succeed();
  expect(circuit.state).toBe('closed');
  expect(circuit.openUntil).toBeNull();
  circuit.fail();
  expect(circuit.state).toBe('closed');
});
