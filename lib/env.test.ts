import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import {
  EnvError,
  envNames,
  isDemoAlone,
  isMailOpen,
  isSimulatorOpen,
  needsStaffSecondFactor,
  parseEnv,
  wantsDemo,
} from '@/lib/env';

describe('parseEnv', () => {
  test('needs nothing', () => {
    const env = parseEnv({});
    expect(env).toMatchObject({ PORT: 3000, HOST: '127.0.0.1', WORKER_PORT: 3001, DATA_DIR: '.data' });
    expect(env).toMatchObject({ CARRIER: 'simulator', ATTRIBUTION_WINDOW_DAYS: 30, TRUST_PROXY: false });
    expect(env.APP_URL).toBe('http://localhost:3000');
    expect(env.isSet('DATABASE_URL')).toBe(false);
    expect(env.SMTP_URL).toBeUndefined();
  });

  test('reads what is set', () => {
    const env = parseEnv({
      PORT: '8080',
      APP_URL: 'https://sms.example/',
      TRUST_PROXY: '1',
      AUTH_SECRET: 's'.repeat(32),
    });
    expect(env.PORT).toBe(8080);
    expect(env.APP_URL).toBe('https://sms.example');
    expect(env.TRUST_PROXY).toBe(true);
    expect(env.AUTH_SECRET).toBe('s'.repeat(32));
  });

  test('takes an empty value for none', () => {
    expect(parseEnv({ PORT: '', DATABASE_URL: '' })).toMatchObject({ PORT: 3000 });
  });

  test('follows PORT in the address people type', () => {
    expect(parseEnv({ PORT: '3100' }).APP_URL).toBe('http://localhost:3100');
  });

  test.each([
    [{ PORT: 'abc' }, 'PORT must be a port number from 1 to 65535, not "abc".'],
    [{ PORT: '70000' }, 'PORT must be a port number from 1 to 65535, not "70000".'],
    [{ TRUST_PROXY: 'yes' }, 'TRUST_PROXY must be true or false, not "yes".'],
    [{ CARRIER: 'pigeon' }, 'CARRIER must be simulator or kannel, not "pigeon".'],
    [
      { CARRIER: 'kannel', KANNEL_SENDSMS_URL: 'http://127.0.0.1:13013/sendsms', KANNEL_USERNAME: 'us' },
      'KANNEL_PASSWORD must be set with CARRIER=kannel.',
    ],
    [
      { SMTP_URL: 'https://me:secret@mail.example' },
      'SMTP_URL must be an address like smtp://user:password@mail.example:587.',
    ],
    [
      { SMTP_FROM: 'Client Zone' },
      'SMTP_FROM must be an e-mail address, or a name and one: Client Zone <zone@example.com>, not "Client Zone".',
    ],
    [
      { ATTRIBUTION_WINDOW_DAYS: '1.5' },
      'ATTRIBUTION_WINDOW_DAYS must be a whole number from 1 to 3650, not "1.5".',
    ],
  ])('says in one line what is wrong with %o', (source, message) => {
    expect(() => parseEnv(source)).toThrow(new EnvError(message));
  });

  test('does not repeat what may be secret', () => {
    const source = { DATABASE_URL: 'mysql://app:hunter2@db/app', AUTH_SECRET: 'hunter2' };
    expect(() => parseEnv(source)).toThrow(/DATABASE_URL must be an address/);
    expect(() => parseEnv(source)).not.toThrow(/hunter2/);
  });

  test('names every mistake, a line each', () => {
    expect(() => parseEnv({ PORT: 'a', LOG_LEVEL: 'loud' })).toThrow(/^PORT .*\nLOG_LEVEL .*$/);
  });

  test('asks for what is needed when it is read', () => {
    const env = parseEnv({});
    expect(() => env.AUTH_SECRET).toThrow(EnvError);
    expect(() => env.DATABASE_URL).toThrow(/DATABASE_URL is not set/);
  });
});

describe('the simulator is open', () => {
  const own = { DATABASE_URL: 'postgresql://app@db/app' };
  const cases: [boolean, boolean, Record<string, string>][] = [
    [true, true, {}],
    [true, true, { HOST: '::1' }],
    [false, true, { HOST: '0.0.0.0' }],
    [false, true, { APP_URL: 'https://zone.example.com' }],
    [false, false, { SEED_DEMO: 'false' }],
    [false, false, own],
    [false, true, { ...own, SEED_DEMO: 'true' }],
    [true, false, { ...own, SIMULATOR_OPEN: 'true', APP_URL: 'https://zone.example.com' }],
    [false, true, { SIMULATOR_OPEN: 'false' }],
  ];
  test.each(cases)('%s, with the demo %s: %o', (isOpen, hasDemo, source) => {
    expect(isSimulatorOpen(parseEnv(source))).toBe(isOpen);
    expect(wantsDemo(parseEnv(source))).toBe(hasDemo);
  });
});

describe('kept e-mails are open', () => {
  const own = { DATABASE_URL: 'postgresql://app@db/app' };
  const cases: [boolean, Record<string, string>][] = [
    [true, {}],
    [false, { SMTP_URL: 'smtp://mail.example' }],
    [false, { HOST: '0.0.0.0' }],
    [false, own],
    [true, { ...own, SIMULATOR_OPEN: 'true' }],
    // phones may be shown to others, links that open accounts may not
    [false, { SIMULATOR_OPEN: 'true', HOST: '0.0.0.0' }],
    [false, { SIMULATOR_OPEN: 'true', APP_URL: 'https://zone.example.com' }],
    [false, { SIMULATOR_OPEN: 'false' }],
  ];
  test.each(cases)('%s: %o', (isOpen, source) => {
    expect(isMailOpen(parseEnv(source))).toBe(isOpen);
  });
});

describe('the staff need a second factor', () => {
  const own = { DATABASE_URL: 'postgresql://app@db/app' };
  // As the start command tells the web: STAFF_SECOND_FACTOR=false with the demo alone.
  const cases: [boolean, Record<string, string>][] = [
    [false, {}],
    [true, own],
    [true, { SEED_DEMO: 'false' }],
    [true, { HOST: '0.0.0.0' }],
    [true, { APP_URL: 'https://zone.example.com' }],
    [true, { ...own, SEED_DEMO: 'true' }],
  ];
  test.each(cases)('%s: %o', (isNeeded, source) => {
    const told = parseEnv({ ...source, STAFF_SECOND_FACTOR: String(!isDemoAlone(parseEnv(source))) });
    expect(needsStaffSecondFactor(told)).toBe(isNeeded);
  });

  test('always where others reach the web, whatever is set; and when nobody has said anything', () => {
    const off = { STAFF_SECOND_FACTOR: 'false' };
    expect(needsStaffSecondFactor(parseEnv({ ...off, HOST: '0.0.0.0' }))).toBe(true);
    expect(needsStaffSecondFactor(parseEnv({ ...off, APP_URL: 'https://zone.example.com' }))).toBe(true);
    expect(needsStaffSecondFactor(parseEnv(off))).toBe(false);
    expect(needsStaffSecondFactor(parseEnv({}))).toBe(true);
  });
});

test('.env.example shows every variable that is for people, and what it is otherwise', async () => {
  const example = await readFile('.env.example', 'utf8');
  const shown = [...example.matchAll(/^#([A-Z_]+)=(.*)$/gm)];
  const notForPeople = ['NODE_ENV', 'THROWAWAY_DATABASE'];
  expect(shown.map(([, name]) => name).sort()).toEqual(
    envNames.filter((name) => !notForPeople.includes(name)).sort(),
  );
  const numbers = shown.filter(([, , value]) => /^\d+$/.test(value ?? ''));
  expect(numbers.length).toBeGreaterThan(10);
  const otherwise = parseEnv({}) as unknown as Record<string, unknown>;
  for (const [, name, value] of numbers) expect(`${name}=${otherwise[name ?? '']}`).toBe(`${name}=${value}`);
});
