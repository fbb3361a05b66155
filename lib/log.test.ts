import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createLog } from '@/lib/log';

function logOne(write: (log: ReturnType<typeof createLog>) => void): string {
  let line = '';
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      line += chunk.toString();
      done();
    },
  });
  write(createLog('info', destination));
  return line;
}

test('writes one JSON object per line', () => {
  const line = logOne((log) => log.info({ accountId: 58324 }, 'Accepted'));
  expect(JSON.parse(line)).toMatchObject({ level: 'info', accountId: 58324, msg: 'Accepted' });
});

test('hides who people are and what they wrote, whoever logs it', () => {
  const reply = { msisdn: '27821234567', text: 'Stop it', replyId: '7' };
  const line = logOne((log) => log.info({ ...reply, reply }, 'Received'));
  expect(JSON.parse(line)).toMatchObject({
    msisdn: '[redacted]',
    reply: { text: '[redacted]', replyId: '7' },
  });
  expect(line).not.toMatch(/27821234567|Stop it/);
});

test('hides numbers in the words of errors, and what PostgreSQL adds to them', () => {
  const error = Object.assign(new Error('Refused by +27821234567'), {
    code: '23505',
    constraint: 'opt_out_pkey',
    detail: 'Key (account_id, msisdn)=(58324, 27821234567) already exists.',
  });
  const line = logOne((log) => log.error({ err: error }, 'Failed'));
  expect(JSON.parse(line)).toMatchObject({
    err: { message: 'Refused by [number]', code: '23505', constraint: 'opt_out_pkey' },
  });
  expect(line).not.toContain('27821234567');
});
