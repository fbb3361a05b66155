import { expect, test } from 'vitest';

test('what Next.js keeps of a request is no stand-in that throws, whatever a process has read first', async () => {
  await import('next/headers');
  const { workAsyncStorage } = await import('next/dist/server/app-render/work-async-storage.external');
  expect(workAsyncStorage.exit(() => 'outside of it')).toBe('outside of it');
});
