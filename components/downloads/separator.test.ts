import { describe, expect, it } from 'vitest';
import { findSeparatorProblem, separatorChoices } from './separator';

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
