import { expect, test, vi } from 'vitest';
import { patience } from '@/testing/poll';
import { LateScript } from './late-script';

/** A script, with how to let it come or fail, and what was told and done, in its order. */
function createScript() {
  const told: string[] = [];
  const answers: { come: () => void; fail: () => void }[] = [];
  let tryAgain: () => void = () => undefined;
  const load = vi.fn(
    () =>
      new Promise<string>((resolve, reject) =>
        answers.push({ come: () => resolve('module'), fail: () => reject(new Error('No network.')) }),
      ),
  );
  const script = new LateScript(load, {
    onPending: (isPending) => told.push(isPending ? 'pending' : 'not pending'),
    onLoaded: (module) => told.push(module),
    onFailed(again) {
      told.push('failed');
      tryAgain = again;
    },
  });
  return { script, told, load, answers, tryAgain: () => tryAgain() };
}

test('what is asked for opens once its script is there, and from then on at once', async () => {
  const { script, told, load, answers } = createScript();
  script.request(() => told.push('first'));
  expect(told).toEqual(['pending']);
  answers[0]!.come();
  await vi.waitFor(() => expect(told).toEqual(['pending', 'module', 'first', 'not pending']), patience);
  script.request(() => told.push('second'));
  expect(told.at(-1)).toBe('second');
  expect(load).toHaveBeenCalledTimes(1);
});

test('of several who wait the last is served, by one script', async () => {
  const { script, told, load, answers } = createScript();
  script.request(() => told.push('first'));
  script.request(() => told.push('second'));
  answers[0]!.come();
  await vi.waitFor(() => expect(told).toEqual(['pending', 'module', 'second', 'not pending']), patience);
  expect(load).toHaveBeenCalledTimes(1);
});

test('one that does not come is told, and is fetched again', async () => {
  const { script, told, load, answers, tryAgain } = createScript();
  script.request(() => told.push('opened'));
  answers[0]!.fail();
  await vi.waitFor(() => expect(told).toEqual(['pending', 'failed', 'not pending']), patience);
  tryAgain();
  expect(load).toHaveBeenCalledTimes(2);
  answers[1]!.come();
  await vi.waitFor(
    () => expect(told.slice(3)).toEqual(['pending', 'module', 'opened', 'not pending']),
    patience,
  );
});

test('whoever has gone hears nothing of it, and nothing opens', async () => {
  for (const end of ['come', 'fail'] as const) {
    const { script, told, answers } = createScript();
    script.request(() => told.push('opened'));
    script.leave();
    answers[0]![end]();
    await vi.waitFor(() => expect(told.at(-1)).toBe('not pending'), patience);
    expect(told).not.toContain('opened');
    expect(told).not.toContain('failed');
  }
});
