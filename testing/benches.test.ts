import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isLong } from '@/testing/property-runs';

/** They run as programs do, not as pages: what a page alone can load ends a bench, which CI does not run. */
test.runIf(isLong)('every bench can be loaded the way it runs', () => {
  const files = readdirSync('bench').filter((file) => file.endsWith('.ts') && file !== 'run.ts');
  expect(files.length).toBeGreaterThan(10);
  const program = files.map((file) => `await import('./bench/${file}');`).join('\n');
  const parameters = [
    '--conditions=react-server',
    '--import',
    'tsx',
    '--input-type=module',
    '--eval',
    program,
  ];
  const { status, stderr } = spawnSync(process.execPath, parameters, { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
