import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { waitUntil } from './poll';

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it('what was started ends with the process that started it', async () => {
  const program = `
    import { spawn } from 'node:child_process';
    import { endWithUs } from './testing/end-with-us.ts';
    const child = endWithUs(spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' }));
    child.once('spawn', () => { console.log(child.pid); process.exit(130); });`;
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', program],
    { encoding: 'utf8' },
  );
  expect(status).toBe(130);
  const pid = Number(stdout);
  expect(pid).toBeGreaterThan(0);
  await waitUntil('it has ended', () => Promise.resolve(!isThere(pid)), 10_000);
});
