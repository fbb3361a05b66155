/**
 * Holds server actions to the one way of calling them (components/actions): whoever calls one as a function
 * has no answer for a lost connection, a newer server or an ended session.
 *
 * A component asks for an action by the type ServerAction, whose calls oxlint reports
 * (typescript/no-deprecated). So an action must not reach a component as anything else: pages hand it on and
 * do no more with it, and what answers with a promise is asked for as a ServerAction. Who is an action is
 * told by the file it is imported from. No types are read.
 */

const actionFile = /^@\/lib\/[^/]+\/(?:[^/]+-)?actions$/;

/**
 * Whether a name stands where it is handed to a component: `save={saveConsent}`,
 * `actions={{ save: saveConsent }}`, also where the page chooses (`isOpen ? saveConsent : null`).
 * @param {any} node
 * @returns {boolean}
 */
function isHandedOn(node) {
  const { parent } = node;
  switch (parent?.type) {
    case 'JSXExpressionContainer':
      // An element of HTML is no component: it would call the action by itself.
      return parent.parent.type === 'JSXAttribute' && /^[A-Z]/.test(nameElement(parent.parent.parent.name));
    case 'ConditionalExpression':
      return node !== parent.test && isHandedOn(parent);
    case 'LogicalExpression':
      return node === parent.right && isHandedOn(parent);
    case 'Property':
      return isHandedOn(parent.parent);
    default:
      return false;
  }
}

/** @param {any} name @returns {string} */
function nameElement(name) {
  return name.type === 'JSXMemberExpression' ? nameElement(name.object) : name.name;
}

/** @type {import('oxlint/plugins-dev').Rule} */
const handOn = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      handOn:
        'A server action is handed to a component that asks for a ServerAction (components/actions), and nothing else is done with it here.',
      byName: 'Import server actions by their names: lint looks where each of them goes.',
    },
  },
  create(context) {
    return {
      /** @param {any} node */
      ImportDeclaration(node) {
        if (!actionFile.test(node.source.value) || node.importKind === 'type') return;
        for (const specifier of node.specifiers) {
          if (specifier.importKind === 'type') continue;
          if (specifier.type !== 'ImportSpecifier') {
            context.report({ node: specifier, messageId: 'byName' });
            continue;
          }
          const [action] = context.sourceCode.getDeclaredVariables(specifier);
          for (const { identifier } of action?.references ?? [])
            if (!isHandedOn(identifier))
              context.report({ node: /** @type {any} */ (identifier), messageId: 'handOn' });
        }
      },
      /** @param {any} node */
      'ImportExpression, ExportNamedDeclaration[source], ExportAllDeclaration'(node) {
        if (actionFile.test(node.source?.value)) context.report({ node, messageId: 'byName' });
      },
    };
  },
};

/** @type {import('oxlint/plugins-dev').Rule} */
const askForAction = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      ask: 'Whoever hands this could hand a server action: ask for a ServerAction (components/actions), or say in .oxlintrc.json what else it is.',
    },
  },
  create(context) {
    /** @param {any} node */
    function check(node) {
      const { typeAnnotation } = node.returnType ?? {};
      const isPromise =
        typeAnnotation?.type === 'TSTypeReference' && typeAnnotation.typeName.name === 'Promise';
      if (isPromise) context.report({ node, messageId: 'ask' });
    }
    return { TSFunctionType: check, TSMethodSignature: check };
  },
};

const serverActions = {
  meta: { name: 'server-actions' },
  rules: { 'hand-on': handOn, 'ask-for-action': askForAction },
};

export default serverActions;
