import path from 'node:path';
import { facePattern, publicFiles } from '../rooms.mjs';

/**
 * What an import of another room's file names: { room: "replies", file: "review-queries" }. Null: it is of
 * the same room, or of none.
 *
 * @param from the path of the importing file, from the top of the project: "app/page.tsx"
 * @param specifier as it is written: "@/lib/replies/intake", "../replies/intake"
 */
export function readCrossing(from, specifier) {
  if (!/^(@\/|\.\.?\/)/.test(specifier)) return null;
  const target = specifier.startsWith('@/')
    ? specifier.slice(2)
    : path.posix.join(path.posix.dirname(from), specifier);
  const [, room, file] = /^lib\/([^/]+)\/(.+?)(\.[mc]?[jt]sx?)?$/.exec(target) ?? [];
  if (room === undefined || from.startsWith(`lib/${room}/`)) return null;
  return { room, file };
}

/**
 * A rule for eslint: of another room one imports what it shows, and nothing else.
 *
 * @type {import('eslint').ESLint.Plugin}
 */
export const rooms = {
  rules: {
    'import-public-files': {
      meta: {
        type: 'problem',
        schema: [],
        messages: {
          private:
            'lib/{{room}}/{{file}} is no public file of its room: see rooms.mjs. Use its queries, commands ' +
            'or actions, or move there what is needed.',
        },
      },
      create(context) {
        const from = path.relative(context.cwd, context.filename).split(path.sep).join('/');
        const check = ({ source }) => {
          if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
          const crossing = readCrossing(from, source.value);
          if (!crossing || facePattern.test(crossing.file)) return;
          if (publicFiles[crossing.room]?.includes(crossing.file)) return;
          context.report({ node: source, messageId: 'private', data: crossing });
        };
        return {
          ImportDeclaration: check,
          ImportExpression: check,
          ExportNamedDeclaration: check,
          ExportAllDeclaration: check,
        };
      },
    },
  },
};
