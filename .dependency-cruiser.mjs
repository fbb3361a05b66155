/**
 * What may import what, checked by `npm run check` and `npm test` (scripts/code-checks.mjs). It takes 4 s of
 * a core for the whole tree; eslint's import/no-cycle took 150 s for the same answer.
 */
const rules = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'A file that comes back to itself cannot be read, tested or moved alone. Types count as well.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['node_modules', '^lib/db/generated', '^\\.next'] },
    // Imports of types alone are seen, too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};

export default rules;
