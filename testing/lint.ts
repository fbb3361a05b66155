/** What lint says of code that is not there: for the tests of our own rules (scripts/*-lint.mjs). */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Linter, type Rule } from 'eslint';
import { parser } from 'typescript-eslint';

const root = path.resolve(import.meta.dirname, '..');

/** What a rule reports: its message id (or what else is wrong with the code), and the line, from 1. */
export interface Finding {
  messageId: string;
  line: number;
}

/**
 * What one rule reports of a file. Our rules are written for eslint and oxlint alike, and eslint runs one in
 * this process, which oxlint's own tester does only from Node.js 22 on; scripts/lint.test.ts asks oxlint.
 *
 * @param filename from the top of the project: "lib/tulips/actions.ts"
 */
export function lintSample(rule: unknown, code: string, filename: string): Finding[] {
  const messages = new Linter({ cwd: root }).verify(
    code,
    {
      files: ['**/*.ts', '**/*.tsx'],
      plugins: { ours: { rules: { rule: rule as Rule.RuleModule } } },
      languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: true } } },
      rules: { 'ours/rule': 'error' },
    },
    { filename: path.join(root, filename) },
  );
  return messages.map(({ messageId, message, line }) => ({ messageId: messageId ?? message, line }));
}

/**
 * What lint as a whole, with its configuration but without types, says of files of these contents: by file,
 * the rules that report something, each as often as it does.
 *
 * @param files by their paths from the top of the project, which decide what rules there are for them
 */
export async function lintTree(files: Readonly<Record<string, string>>): Promise<Map<string, string[]>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lint-'));
  try {
    const config = await readFile(path.join(root, '.oxlintrc.json'), 'utf8');
    const all = {
      ...files,
      '.oxlintrc.json': config.replaceAll('"./scripts/', `"${root}/scripts/`),
      'tsconfig.json': JSON.stringify({ compilerOptions: { paths: { '@/*': ['./*'] } } }),
    };
    for (const [file, content] of Object.entries(all)) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), content);
    }
    const output = await new Promise<string>((resolve) => {
      const program = path.join(root, 'node_modules/oxlint/bin/oxlint');
      // It ends with 1 when it has found something; whatever it could not do is no JSON.
      execFile(
        process.execPath,
        [program, '--format=json', '.'],
        { cwd: folder, maxBuffer: 2 ** 26 },
        (_, stdout) => resolve(stdout),
      );
    });
    const { diagnostics } = JSON.parse(output) as { diagnostics: { filename: string; code: string }[] };
    const byFile = new Map<string, string[]>();
    for (const { filename, code } of diagnostics)
      byFile.set(filename, [...(byFile.get(filename) ?? []), code].sort());
    return byFile;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
