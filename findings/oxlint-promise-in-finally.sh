#!/bin/sh
# oxlint 1.94.0 with oxlint-tsgolint 7.0.2008 (the rules of typescript-eslint, on the Go compiler), against
# typescript-eslint 8.73.0 with the same rule, option and code.
#
# Expected: a rule of the same name judges alike: typescript/no-misused-promises and
# @typescript-eslint/no-misused-promises.
# Seen: oxlint reports a promise handed back in Promise's finally(() => client.end()), which is awaited and thus
# in order; typescript-eslint reports nothing. Who moves from one to the other has correct code to rewrite.
#
# Exits with 1 when that is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts --save-exact \
  oxlint@1.94.0 oxlint-tsgolint@7.0.2008 eslint@9.39.5 typescript-eslint@8.73.0 typescript@6.0.3
cat >tsconfig.json <<'EOF'
{ "compilerOptions": { "strict": true, "target": "ES2023", "module": "nodenext" }, "include": ["*.ts"] }
EOF
cat >code.ts <<'EOF'
declare const client: { query(): Promise<number>; end(): Promise<void> };
export async function count(): Promise<number> {
  return client.query().finally(() => client.end());
}
EOF
cat >.oxlintrc.json <<'EOF'
{ "plugins": ["typescript"], "categories": { "correctness": "off" }, "rules": { "typescript/no-misused-promises": "error" } }
EOF
cat >eslint.config.mjs <<'EOF'
import tseslint from 'typescript-eslint';
export default [{
  files: ['**/*.ts'],
  plugins: { '@typescript-eslint': tseslint.plugin },
  languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  rules: { '@typescript-eslint/no-misused-promises': 'error' },
}];
EOF
npx eslint code.ts && eslint=silent || eslint=reports
npx oxlint --type-aware code.ts && oxlint=silent || oxlint=reports
echo "typescript-eslint: $eslint; oxlint: $oxlint"
if [ "$eslint" = silent ] && [ "$oxlint" = reports ]; then
  echo 'As found: only oxlint reports it.'
else
  echo 'Changed.'
  exit 1
fi
