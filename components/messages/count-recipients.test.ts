import { describe, expect, it } from 'vitest';
import { countRecipients } from './count-recipients';

describe('countRecipients', () => {
  it('counts nothing in nothing', () => {
    expect(countRecipients(' \n ,; \t ')).toEqual({ entered: 0, usable: 0, duplicates: 0, invalid: [] });
  });

  it('reads lines, commas, semicolons and pasted cells', () => {
    const count = countRecipients('082 123 4567\n0831112222, 0841112222;\t0721112222\r\n');
    expect(count).toMatchObject({ entered: 4, usable: 4, duplicates: 0, invalid: [] });
  });

  it('knows one number in many forms as one', () => {
    const count = countRecipients('0821234567\n27821234567\n+27 82 123 4567\n+27 (0)82 123 4567');
    expect(count).toMatchObject({ entered: 4, usable: 1, duplicates: 3 });
  });

  it('keeps what is no mobile number, with the reason', () => {
    const count = countRecipients('0821234567\n011 555 0100\nhello');
    expect(count).toMatchObject({ entered: 3, usable: 1, duplicates: 0 });
    expect(count.invalid.map(({ typed }) => typed)).toEqual(['011 555 0100', 'hello']);
    expect(count.invalid[0]?.reason).toContain('landline');
  });

  it('leaves numbers of other countries to the server', () => {
    expect(countRecipients('+447911123456, 00447911123456')).toMatchObject({
      usable: 1,
      duplicates: 1,
      invalid: [],
    });
  });
});
