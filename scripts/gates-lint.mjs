/**
 * Holds what a browser can reach to its gate: a server action, a route and a page are each made by one of the
 * wrappers of lib/auth, so that none can be exported whose gate somebody forgot.
 */

const wrapper =
  /^(?:customer|recorded|staff|person|half|open|simulator|rest|api)(?:Stream)?(Action|Route|Page)$/;
/** Where they come from; the same name from elsewhere is something else. */
const wrapperModule = {
  Action: /(?:^|\/)(?:make-action|simulator-gate)$/,
  Route: /(?:^|\/)(?:make-route|make-rest-route|make-api-route|simulator-gate)$/,
  Page: /(?:^|\/)(?:make-page|simulator-gate)$/,
};

/** A function that tells whether an expression is the call of a wrapper. */
function createTest(kind, program) {
  const wrappers = new Set();
  for (const { type, source, specifiers } of program.body) {
    if (type !== 'ImportDeclaration' || !wrapperModule[kind].test(source.value)) continue;
    for (const specifier of specifiers) {
      if (wrapper.exec(specifier.imported?.name ?? '')?.[1] === kind) wrappers.add(specifier.local.name);
    }
  }
  return (node) => node?.type === 'CallExpression' && wrappers.has(node.callee.name);
}

const isType = (node) =>
  node.exportKind === 'type' ||
  node.declaration?.type === 'TSInterfaceDeclaration' ||
  node.declaration?.type === 'TSTypeAliasDeclaration';

/** What an `export` gives out under a name: the name, and the expression behind it where it stands there. */
function listExports(node) {
  const { declaration } = node;
  if (declaration?.type === 'VariableDeclaration') {
    return declaration.declarations.flatMap(({ id, init }) =>
      // export const { GET, POST } = restRoute(…)
      id.type === 'ObjectPattern'
        ? id.properties.map(({ value }) => ({ name: value?.name, init }))
        : [{ name: id.name, init }],
    );
  }
  if (declaration) return [{ name: declaration.id?.name, init: null }];
  return node.specifiers.map(({ exported }) => ({ name: exported.name ?? exported.value, init: null }));
}

/** @type {import('oxlint/plugins-dev').Rule} */
const actionHasGate = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      noGate:
        'Make a server action by customerAction, staffAction or openAction (lib/auth/make-action.ts): export const name = customerAction(schema, command, …).',
      elsewhere: 'Server actions lie in the actions.ts of a room of lib, or in a file whose name ends so.',
    },
  },
  create(context) {
    const isActionFile = /\/lib\/[^/]+\/(?:[^/]+-)?actions\.ts$/.test(context.filename.replaceAll('\\', '/'));
    const report = (node) => context.report({ node, messageId: 'noGate' });
    return {
      Program(program) {
        if (!isActionFile) return;
        const hasGate = createTest('Action', program);
        for (const node of program.body) {
          if (node.type === 'ExportAllDeclaration' || node.type === 'ExportDefaultDeclaration') report(node);
          if (node.type !== 'ExportNamedDeclaration' || isType(node)) continue;
          if (!listExports(node).every(({ init }) => hasGate(init))) report(node);
        }
      },
      'ExpressionStatement[directive="use server"]'(node) {
        if (!isActionFile || node.parent.type !== 'Program') context.report({ node, messageId: 'elsewhere' });
      },
    };
  },
};

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** @type {import('oxlint/plugins-dev').Rule} */
const routeHasGate = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      noGate:
        'Make a route by customerRoute or staffRoute (lib/auth/make-route.ts). One that has a gate of its own is listed in .oxlintrc.json.',
    },
  },
  create(context) {
    return {
      Program(program) {
        const hasGate = createTest('Route', program);
        for (const node of program.body) {
          if (node.type === 'ExportAllDeclaration') context.report({ node, messageId: 'noGate' });
          if (node.type !== 'ExportNamedDeclaration' || isType(node)) continue;
          const open = listExports(node).filter(({ name, init }) => methods.has(name) && !hasGate(init));
          if (open.length > 0) context.report({ node, messageId: 'noGate' });
        }
      },
    };
  },
};

/** @type {import('oxlint/plugins-dev').Rule} */
const pageHasGate = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      noGate:
        'Make a page by customerPage, staffPage or openPage (lib/auth/make-page.ts): export default customerPage(…).',
    },
  },
  create(context) {
    return {
      Program(program) {
        const hasGate = createTest('Page', program);
        const page = program.body.find(({ type }) => type === 'ExportDefaultDeclaration');
        if (!page || !hasGate(page.declaration))
          context.report({ node: page ?? program, messageId: 'noGate' });
      },
    };
  },
};

const gates = {
  meta: { name: 'gates' },
  rules: { 'action-has-gate': actionHasGate, 'route-has-gate': routeHasGate, 'page-has-gate': pageHasGate },
};

export default gates;
