import next from 'eslint-config-next/core-web-vitals';
import tseslint from 'typescript-eslint';
import { roomZones } from './rooms.mjs';
import { comments } from './scripts/comments-lint.mjs';
import { gates } from './scripts/gates-lint.mjs';
import { rooms } from './scripts/rooms-lint.mjs';
import { serverActions } from './scripts/server-actions-lint.mjs';

// The import rule: app → components → types of lib; within lib a room imports only rooms below it
// (rooms.mjs). Circles of files are found by .dependency-cruiser.mjs.
const zones = [
  { target: './lib', from: ['./app', './components', './e2e', './bench'], message: 'lib knows no pages.' },
  { target: './components', from: ['./app'], message: 'Components know no pages; hand them what they need.' },
  {
    target: ['./lib', './app', './components', './proxy.ts'],
    from: ['./testing'],
    message: 'The product knows none of its tests.',
  },
  ...roomZones,
];

const nextAuth = {
  group: ['next-auth', 'next-auth/*'],
  message: 'next-auth is known in lib/auth alone; use its gates.',
};

const mint = {
  regex: '^(@/lib/auth|\\.)/scope$',
  importNamePattern: '^mint',
  message: 'Only the gates of lib/auth make a scope; take one as a parameter.',
};

const processEnv = {
  selector: 'MemberExpression[object.name="process"][property.name="env"]',
  message: 'process.env is read in lib/env.ts alone.',
};

const sessionInUtc = {
  selector: 'Property[key.name="connectionString"]:not([value.callee.name="sessionUrl"])',
  message:
    'Open every connection at sessionUrl(url): a session in another zone shifts the times Prisma writes.',
};

const rawQuery = {
  selector: 'CallExpression[callee.property.name="query"]',
  message: 'SQL is a statement (lib/db/statement.ts), which is compared with the schema; or use prismaOn.',
};

const wrapAnywhere = {
  selector: 'Literal[value=/\\bbreak-words\\b/], TemplateElement[value.raw=/\\bbreak-words\\b/]',
  message: 'Use wrap-anywhere: with break-words, one long word makes its column wider than a phone.',
};

/** Where a query is sent as it is. See docs/decisions/0004-prisma-and-sql.md. */
const rawQueries = [
  // The connection, the transaction, migrations and LISTEN; the statement itself.
  'lib/db/**',
  // COPY, and the transaction around it
  'lib/lists/file-download.ts',
  'lib/number-lists/commands.ts',
  'lib/registry/commands.ts',
  // Put together of so many parts that no list of variants would be whole; the same test reads what it sends.
  'lib/lists/account-page.ts',
];

/**
 * Rules of what draws pages: a pass of React's compiler over each file, which is half of the time where there
 * are none.
 */
const pageRules = next
  .flatMap(({ rules }) => Object.keys(rules ?? {}))
  .filter((rule) => /^(?:react|react-hooks|jsx-a11y|@next\/next)\//.test(rule));

export default tseslint.config(
  {
    ignores: [
      '.next/**',
      '.programs/**',
      '.data/**',
      'lib/db/generated/**',
      'clients/javascript/{dist,src/generated}/**',
      'next-env.d.ts',
      'test-results/**',
      '.screenshots/**',
    ],
  },
  ...next,
  {
    files: ['*', '{bench,e2e,findings,lib,prisma,scripts,soak,testing}/**', '**/*.test.ts', 'app/**/*.ts'],
    rules: Object.fromEntries(pageRules.map((rule) => [rule, 'off'])),
  },
  {
    settings: { 'import/resolver': { typescript: true } },
    plugins: { comments },
    rules: {
      eqeqeq: 'error',
      'comments/within-columns': 'error',
      'import/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
    },
  },
  {
    files: ['**/*.{ts,tsx,mts}'],
    extends: [tseslint.configs.strict],
    rules: {
      // Rules that need types are held by oxlint (.oxlintrc.json), in an eighth of the time.
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      // A scope that is not read is still asked for: it proves that a gate was passed.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['app/**', 'components/**', 'lib/**', 'proxy.ts'],
    plugins: { rooms },
    rules: {
      'no-console': 'error',
      'rooms/import-public-files': 'error',
      'no-restricted-syntax': ['error', processEnv, sessionInUtc, rawQuery],
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [nextAuth, mint] }],
    },
  },
  { files: rawQueries, rules: { 'no-restricted-syntax': ['error', processEnv, sessionInUtc] } },
  {
    files: ['components/**'],
    rules: {
      'no-restricted-syntax': ['error', processEnv, sessionInUtc, rawQuery, wrapAnywhere],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            nextAuth,
            mint,
            {
              regex: '^@/lib/(?!sms/|number-lists/file/|[^/]+/(schema|labels|list)$)',
              message:
                'Components know lib/sms, of a feature its types and words, and how the file of a list is read; hand them the rest.',
            },
          ],
        },
      ],
    },
  },
  // What a browser can reach has a gate.
  {
    files: ['app/**', 'components/**', 'lib/**'],
    plugins: { gates },
    rules: { 'gates/action-has-gate': 'error' },
  },
  { files: ['app/**/page.tsx'], rules: { 'gates/page-has-gate': 'error' } },
  {
    files: ['app/**/route.ts'],
    // With another kind of gate: the carriers' door, next-auth itself, what is open to anybody, and what is
    // nowhere.
    ignores: [
      'app/api/carrier/**',
      'app/api/auth/**',
      'app/healthz/**',
      'app/readyz/**',
      'app/metrics/**',
      'app/api/\\[...path\\]/**',
      'app/api/rest/v1/\\[\\[...path\\]\\]/**',
      'app/api/v2/\\[\\[...path\\]\\]/**',
      'app/api/v2/openapi.json/**',
    ],
    rules: { 'gates/route-has-gate': 'error' },
  },
  // A server action is called in one way: components/actions; its calls elsewhere are found by oxlint.
  {
    files: ['app/**/*.tsx', 'components/**'],
    plugins: { 'server-actions': serverActions },
    rules: { 'server-actions/hand-on': 'error' },
  },
  {
    files: ['components/**/*.tsx'],
    ignores: [
      'components/actions/**',
      // next-auth's own calls, in the browser
      'components/auth/{sign-in-form,passkey-sign-in}.tsx',
      // a function of the phone around it
      'components/simulator/thread.tsx',
    ],
    rules: { 'server-actions/ask-for-action': 'error' },
  },
  // Every page brings this one along, and a link of Next's would bring 3 KB of script with it.
  { files: ['app/not-found.tsx'], rules: { '@next/next/no-html-link-for-pages': 'off' } },
  { files: ['lib/auth/**'], rules: { '@typescript-eslint/no-restricted-imports': 'off' } },
  { files: ['scripts/**'], rules: { 'no-restricted-syntax': ['error', sessionInUtc] } },
  // Types do not look at these.
  { files: ['**/*.mjs'], rules: { 'import/named': 'error' } },
  { files: ['lib/env.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.test.{ts,tsx}', 'testing/**'],
    rules: {
      // A test of one room may set the scene with others.
      'import/no-restricted-paths': 'off',
      'rooms/import-public-files': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-restricted-imports': 'off',
      'no-restricted-syntax': 'off',
    },
  },
);
