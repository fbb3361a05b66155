import { expect, test } from 'vitest';
import { addReplyId, parseReplyIds } from './recent-replies';

test('the latest ten are kept, each once, the latest first', () => {
  let value: string | undefined;
  for (let id = 1; id <= 12; id++) value = addReplyId(value, String(id));
  value = addReplyId(value, '7');
  expect(parseReplyIds(value)).toEqual(['7', '12', '11', '10', '9', '8', '6', '5', '4', '3']);
});

test.each([undefined, '', '.', 'one.two', '-1', '1e3', '9'.repeat(19), '<script>'])(
  'a cookie that says %j names no reply',
  (value) => {
    expect(parseReplyIds(value)).toEqual([]);
  },
);
