import path from 'node:path';
import { pathToFileURL } from 'node:url';

/*
 * Has each icon of lucide-react built as one path. As lucide ships them, an icon is a tree of objects with
 * names and keys, drawn by a component that looks for a context: 5 kB of what an ordinary page is fetched
 * with. What uses them sees no difference, but for a `<path>` where there were a `<circle>` and a `<line>`,
 * which look the same when only outlines are drawn.
 */

/** In place of lucide's own `createLucideIcon`. */
const drawing = `
import { jsx } from 'react/jsx-runtime';
export default (d) => (attributes) => jsx('svg', {
  width: 24,
  height: 24,
  viewBox: '0 0 24 24',
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 2,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
  ...attributes,
  children: jsx('path', { d }),
});
`;

/** For Turbopack: `turbopack.rules` of next.config.ts. */
export default function iconLoader(source) {
  const done = this.async();
  rewriteIcon(this.resourcePath, source).then((rewritten) => done(null, rewritten), done);
}

/**
 * What stands for a module of lucide-react: `createLucideIcon.mjs`, or one of `icons/`.
 *
 * @throws when an icon cannot be drawn as the outline of one path
 */
export async function rewriteIcon(file, source) {
  if (path.basename(file) === 'createLucideIcon.mjs') return drawing;
  const { __iconData: icon } = await import(pathToFileURL(file).href);
  // An older name, which hands on what the icon's own module holds.
  if (!icon) return source;
  const line = JSON.stringify(icon.node.map(drawShape).join(''));
  return `import draw from '../createLucideIcon.mjs';\nexport default /* @__PURE__ */ draw(${line});\n`;
}

const geometry = 'd cx cy r rx ry x y x1 y1 x2 y2 width height points'.split(' ');

/** A shape as a path: `['line', { x1: '4', x2: '20', y1: '5', y2: '5' }]` as "M4 5L20 5". */
function drawShape([tag, { key: _key, ...attributes }]) {
  const of = (name) => Number(attributes[name] ?? 0);
  for (const name of Object.keys(attributes)) {
    // A dot that its own outline fills is filled as well.
    const isDot = name === 'fill' && tag === 'circle' && of('r') <= 0.5;
    if (!geometry.includes(name) && !isDot) throw new Error(`An icon has a ${tag} with ${name}.`);
  }
  switch (tag) {
    case 'path':
      // What begins with a relative point would begin where the shape before has ended.
      return attributes.d.startsWith('m') ? `M0 0${attributes.d}` : attributes.d;
    case 'line':
      return write`M${of('x1')} ${of('y1')}L${of('x2')} ${of('y2')}`;
    case 'polyline':
      return `M${attributes.points}`;
    case 'polygon':
      return `M${attributes.points}z`;
    case 'circle':
      return drawEllipse(of('cx'), of('cy'), of('r'), of('r'));
    case 'ellipse':
      return drawEllipse(of('cx'), of('cy'), of('rx'), of('ry'));
    case 'rect':
      return drawBox(of('x'), of('y'), of('width'), of('height'), of('rx') || of('ry'));
    default:
      throw new Error(`An icon has a ${tag}.`);
  }
}

function drawEllipse(x, y, rx, ry) {
  const half = write`a${rx} ${ry} 0 1 0 `;
  return write`M${x - rx} ${y}` + half + write`${2 * rx} 0` + half + write`${-2 * rx} 0z`;
}

function drawBox(x, y, width, height, r) {
  if (r === 0) return write`M${x} ${y}h${width}v${height}h${-width}z`;
  const corner = (dx, dy) => write`a${r} ${r} 0 0 1 ${dx} ${dy}`;
  return [
    write`M${x + r} ${y}h${width - 2 * r}`,
    corner(r, r),
    write`v${height - 2 * r}`,
    corner(-r, r),
    write`h${2 * r - width}`,
    corner(-r, -r),
    write`v${2 * r - height}`,
    corner(r, -r),
    'z',
  ].join('');
}

/** Numbers without what arithmetic in binary adds to them. */
function write(texts, ...numbers) {
  return String.raw({ raw: texts }, ...numbers.map((number) => Number(number.toFixed(3))));
}
