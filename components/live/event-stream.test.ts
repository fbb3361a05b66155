import { expect, test, vi } from 'vitest';
import { listenToEvents, observeStatus } from './event-stream';
import { openSharedStream } from './open-shared-stream';

vi.mock('./open-shared-stream', () => ({ openSharedStream: vi.fn() }));
const open = vi.mocked(openSharedStream);

function prepareStream() {
  const stream = { status: 'live', open: vi.fn(), close: vi.fn() };
  open.mockReset().mockReturnValue(stream as never);
  return stream;
}

const listener = () => ({ onData: vi.fn(), onResume: vi.fn() });

test('whoever listens before the script of the stream is there is told by it, and whoever comes later', async () => {
  const stream = prepareStream();
  const [first, second] = [listener(), listener()];
  const status = observeStatus('/here', 'change');
  const onStatus = vi.fn();
  status.subscribe(onStatus);
  const leave = listenToEvents('/here', 'change', first);
  expect(status.getSnapshot()).toBe('connecting');
  await vi.waitFor(() => expect(open).toHaveBeenCalledTimes(1));
  const [line] = open.mock.calls[0] ?? [];
  expect([...(line?.listeners ?? [])]).toEqual([first]);
  expect([...(line?.statusListeners ?? [])]).toEqual([onStatus]);
  await vi.waitFor(() => expect(status.getSnapshot()).toBe('live'));

  const leaveToo = listenToEvents('/here', 'change', second);
  expect(line?.listeners.has(second)).toBe(true);
  leave();
  expect(stream.close).not.toHaveBeenCalled();
  leaveToo();
  expect(stream.close).toHaveBeenCalledTimes(1);

  // the page is shown again: the same stream
  listenToEvents('/here', 'change', first);
  await vi.waitFor(() => expect(stream.open).toHaveBeenCalledTimes(1));
  expect(open).toHaveBeenCalledTimes(1);
});

test('nothing is opened for whoever has gone before the script came', async () => {
  prepareStream();
  listenToEvents('/gone', 'change', listener())();
  await import('./open-shared-stream');
  await new Promise((resolve) => setImmediate(resolve));
  expect(open).not.toHaveBeenCalled();
});
