import { describe, expect, it } from 'vitest';
import { describeChoice, getParameters, toggleChoice } from './filters';

const options = [
  { value: 'REPLY', label: 'Reply' },
  { value: 'IMPORT', label: 'Import' },
  { value: 'API', label: 'API' },
];
const several = { kind: 'several', name: 'kind', label: 'How it came', options } as const;
const one = { kind: 'one', name: 'rule', label: 'Rule', options } as const;

describe('toggleChoice', () => {
  it('adds and takes away, always in the order of the options', () => {
    expect(toggleChoice(several, null, 'API')).toBe('API');
    expect(toggleChoice(several, 'API', 'REPLY')).toBe('REPLY,API');
    expect(toggleChoice(several, 'REPLY,API', 'API')).toBe('REPLY');
    expect(toggleChoice(several, 'REPLY', 'REPLY')).toBeNull();
  });

  it('drops what does not exist', () => {
    expect(toggleChoice(several, 'NOTHING,API', 'REPLY')).toBe('REPLY,API');
  });

  it('holds one where one is to be chosen', () => {
    expect(toggleChoice(one, 'REPLY', 'API')).toBe('API');
    expect(toggleChoice(one, 'API', 'API')).toBeNull();
  });
});

describe('describeChoice', () => {
  it('names what is chosen', () => {
    expect(describeChoice(several, 'API,REPLY')).toBe('Reply, API');
    expect(describeChoice(several, 'NOTHING')).toBe('');
  });
});

describe('getParameters', () => {
  it('names what a filter writes', () => {
    expect(getParameters(several)).toEqual(['kind']);
    expect(getParameters({ kind: 'days', label: 'Date', timeZone: 'UTC' })).toEqual(['from', 'to']);
  });
});
