import { expect, test } from 'vitest';
import { parseMsisdn } from '@/lib/sms/msisdn';
import { numberFormats } from './number-formats';

test.each(numberFormats)('%s is the same number', (written) => {
  expect(parseMsisdn(written)).toMatchObject({ ok: true, msisdn: '27821234567' });
});
