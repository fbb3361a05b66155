import { describe, expect, test } from 'vitest';
import { readArrival, readTypedReply } from './fake-network';

describe('what arrives on a phone of the fake network', () => {
  test.each([
    ['30123 27831234567 text Our spring sale', 'Our spring sale', null],
    ['30123 27831234567 text Café {x}€ 50% off', 'Café {x}€ 50% off', null],
    ['+30123 +27831234567 text With a plus', 'With a plus', null],
    ['30123 27831234567 ucs-2 P%5Ckb%00+%D8%3D%DE%00', '停止 😀', null],
    ['30123 27831234567 udh %05%00%03%05%03%02 data %E2%82%ACyes+and', '€yes and', '2 of 3'],
    ['30123 27831234567 udh %05%00%03%05%02%01 ucs-2 P%5Ckb', '停止', '1 of 2'],
  ])('%s', (line, text, part) => {
    expect(readArrival(line)).toEqual({ from: '30123', to: '27831234567', text, part });
  });

  test('what is no message', () => {
    for (const line of ['', 'hello', 'one two']) expect(readArrival(line)).toBeNull();
  });
});

describe('a reply that somebody types', () => {
  const lastSenderOf = (phone: string) => (phone === '27735550188' ? '27600100201' : undefined);

  test.each([
    ['27735550188 Stop', '27735550188 27600100201 text Stop'],
    ['0735550188 Stop', '27735550188 27600100201 text Stop'],
    ['+27735550188   Stop it now ', '27735550188 27600100201 text Stop it now'],
    ['27735550188 30123 Stop', '27735550188 30123 text Stop'],
    ['27111111111 30123 Café 停止', '27111111111 30123 text Café 停止'],
  ])('%s', (typed, line) => {
    expect(readTypedReply(typed, lastSenderOf)).toMatchObject({ ok: true, line });
  });

  test.each([
    ['Stop', /Write a phone/],
    ['27735550188', /Write a phone/],
    ['', /Write a phone/],
    ['27111111111 Stop', /Nobody has written to 27111111111/],
  ])('%s: says what is missing', (typed, problem) => {
    expect(readTypedReply(typed, lastSenderOf)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(problem) as string,
    });
  });
});
