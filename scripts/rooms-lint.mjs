import path from 'node:path';
import { facePattern, publicFiles, zones } from '../rooms.mjs';

/**
 * The file that an import names, from the top of the project and as it is written there, so mostly without an
 * extension: "lib/replies/intake". Null: it is of a package.
 *
 * @param from the path of the importing file, from the top of the project: "app/page.tsx"
 * @param specifier as it is written: "@/lib/replies/intake", "../replies/intake"
 */
function readTarget(from, specifier) {
  if (!/^(@\/|\.\.?\/)/.test(specifier)) return null;
  return specifier.startsWith('@/')
    ? specifier.slice(2)
    : path.posix.join(path.posix.dirname(from), specifier);
}

/** Whether a file is the place, or lies in it: "lib/env" is "lib/env.ts". */
const liesIn = (place, file) => file === place || `${file}.ts` === place || file.startsWith(`${place}/`);

/**
 * Why a file may not import another one; null where it may.
 *
 * @param from the path of the importing file, from the top of the project: "app/page.tsx"
 * @param specifier as it is written: "@/lib/replies/intake", "../replies/intake"
 */
export function findForbidden(from, specifier) {
  const target = readTarget(from, specifier);
  if (target === null) return null;
  const zone = zones.find(
    ({ places, mayNotImport, except }) =>
      places.some((place) => liesIn(place, from)) &&
      mayNotImport.some((place) => liesIn(place, target)) &&
      !except?.test(target),
  );
  return zone?.message ?? null;
}

/**
 * What an import of another room's file names: { room: "replies", file: "review-queries" }. Null: it is of
 * the same room, or of none.
 *
 * @param from the path of the importing file, from the top of the project: "app/page.tsx"
 * @param specifier as it is written: "@/lib/replies/intake", "../replies/intake"
 */
export function readCrossing(from, specifier) {
  const target = readTarget(from, specifier);
  if (target === null) return null;
  const [, room, file] = /^lib\/([^/]+)\/(.+?)(\.[mc]?[jt]sx?)?$/.exec(target) ?? [];
  if (room === undefined || from.startsWith(`lib/${room}/`)) return null;
  return { room, file };
}

/**
 * A rule that looks at each import of a file, also one of types, a late one, and one that is handed on.
 *
 * @param messages what is said, by message id
 * @param judge what it reports of an import, from the path of the file and what is imported; null: nothing
 * @returns {import('oxlint/plugins-dev').Rule}
 */
const lookAtImports = (messages, judge) => ({
  meta: { type: 'problem', schema: [], messages },
  create(context) {
    const from = path.relative(context.cwd, context.filename).split(path.sep).join('/');
    const check = ({ source }) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      const finding = judge(from, source.value);
      if (finding) context.report({ node: source, ...finding });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
});

/** Of another room one imports what it shows, and nothing else. */
const importPublicFiles = lookAtImports(
  {
    private:
      'lib/{{room}}/{{file}} is no public file of its room: see rooms.mjs. Use its queries, commands ' +
      'or actions, or move there what is needed.',
  },
  (from, specifier) => {
    const crossing = readCrossing(from, specifier);
    if (!crossing || facePattern.test(crossing.file)) return null;
    if (publicFiles[crossing.room]?.includes(crossing.file)) return null;
    return { messageId: 'private', data: crossing };
  },
);

/** Imports run one way: app → components → lib, and within lib from room to room. */
const importDownwards = lookAtImports({ forbidden: '{{why}}' }, (from, specifier) => {
  const why = findForbidden(from, specifier);
  return why === null ? null : { messageId: 'forbidden', data: { why } };
});

const rooms = {
  meta: { name: 'rooms' },
  rules: { 'import-public-files': importPublicFiles, 'import-downwards': importDownwards },
};

export default rooms;
