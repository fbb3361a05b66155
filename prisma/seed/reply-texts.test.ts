import { describe, expect, it } from 'vitest';
import { classifyReply } from '@/lib/opt-outs/matcher';
import { parseMsisdn } from '@/lib/sms/msisdn';
import { phones, roastery } from './cast';
import {
  afrikaansOptOutTexts,
  chattyLongText,
  chatTexts,
  optOutTexts,
  patientTexts,
  reviewTexts,
} from './reply-texts';
import { keywordLists } from './world';

const read = (text: string) => classifyReply(text, keywordLists.get(roastery)).verdict;

describe('the demo’s texts', () => {
  it.each([...new Set([...optOutTexts, ...afrikaansOptOutTexts])])('%j is an opt-out', (text) => {
    expect(read(text)).toBe('opt-out');
  });

  it.each(reviewTexts)('%j is for a person to decide', (text) => {
    expect(read(text)).toBe('review');
  });

  it.each([...new Set([...chatTexts, ...patientTexts, chattyLongText])])(
    '%j is an ordinary reply',
    (text) => {
      expect(read(text)).toBe('none');
    },
  );

  it('has phones whose numbers people can type', () => {
    for (const msisdn of Object.values(phones)) {
      expect(parseMsisdn(`0${msisdn.slice(2)}`)).toMatchObject({ ok: true, msisdn });
    }
  });
});
