import { afterEach, describe, expect, it, vi } from 'vitest';
import { findSeparatorProblem, recallSeparator, rememberSeparator, separatorChoices } from './separator';

describe('findSeparatorProblem', () => {
  it.each([...',;|\t^~#:!$%&()*+-./<=>?@[]_`{}\\'])('takes %j', (typed) => {
    expect(findSeparatorProblem(typed)).toBeNull();
  });

  it.each([
    ['', 'Type the character'],
    [',,', 'exactly one'],
    ['\t\t', 'exactly one'],
    ['"', 'quote'],
    ["'", 'quote'],
    ['\n', 'line break'],
    ['\r\n', 'line break'],
    [' ', 'space'],
    ['\u00a0', 'space'],
    ['a', 'letter'],
    ['é', 'letter'],
    ['7', 'digit'],
    ['٣', 'digit'],
    ['€', 'plain sign'],
    ['😀', 'plain sign'],
    ['\u0000', 'plain sign'],
    ['\u200b', 'plain sign'],
  ])('refuses %j and says why', (typed, reason) => {
    expect(findSeparatorProblem(typed)).toContain(reason);
  });

  it('takes every choice that is offered', () => {
    const characters = separatorChoices
      .map((choice) => choice.character)
      .filter((character) => character !== null);
    expect(characters).toEqual([',', ';', '\t', '|']);
    for (const character of characters) expect(findSeparatorProblem(character)).toBeNull();
  });
});

describe('recallSeparator', () => {
  afterEach(() => vi.unstubAllGlobals());

  function stubStorage(stored: Record<string, string> = {}) {
    const storage = new Map(Object.entries(stored));
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => storage.get(key) ?? null,
      setItem: (key: string, value: string) => storage.set(key, value),
    });
  }

  it('begins with a comma', () => {
    stubStorage();
    expect(recallSeparator()).toEqual({ choice: 'comma', other: '' });
  });

  it.each([
    [';', { choice: 'semicolon', other: '' }],
    ['\t', { choice: 'tab', other: '' }],
    ['^', { choice: 'other', other: '^' }],
  ])('comes back to %j', (separator, expected) => {
    stubStorage();
    rememberSeparator(separator);
    expect(recallSeparator()).toEqual(expected);
  });

  it('does not offer what could never be used', () => {
    stubStorage({ 'download-separator': 'abc' });
    expect(recallSeparator()).toEqual({ choice: 'comma', other: '' });
  });

  it('does without storage', () => {
    vi.stubGlobal('localStorage', undefined);
    rememberSeparator(';');
    expect(recallSeparator()).toEqual({ choice: 'comma', other: '' });
  });
});
