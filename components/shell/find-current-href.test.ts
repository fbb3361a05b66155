import { describe, expect, it } from 'vitest';
import { findCurrentHref } from './find-current-href';

const hrefs = ['/', '/send', '/messages', '/messages/opt-outs'];

describe('findCurrentHref', () => {
  it.each([
    ['/', '/'],
    ['/send', '/send'],
    ['/messages', '/messages'],
    ['/messages/opt-outs', '/messages/opt-outs'],
    ['/messages/opt-outs/27821234567', '/messages/opt-outs'],
    ['/messages-and-more', undefined],
    ['/settings', undefined],
  ])('%s belongs to %s', (pathname, expected) => {
    expect(findCurrentHref(hrefs, pathname)).toBe(expected);
  });
});
