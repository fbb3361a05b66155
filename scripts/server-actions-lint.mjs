import ts from 'typescript';

/**
 * Holds server actions to the one way of calling them (components/actions): whoever calls one as a function
 * has no answer for a lost connection, a newer server or an ended session.
 */

/** The type by which a component asks for an action, in components/actions/call-action.ts. */
const actionType = 'ServerAction';
const actionFile = /\/lib\/[^/]+\/(?:[^/]+-)?actions\.ts$/;

/** @param {import('typescript').Type | undefined} type */
function isAction(type) {
  if (!type) return false;
  if (type.isUnion()) return type.types.some(isAction);
  return type.symbol?.name === actionType || type.aliasSymbol?.name === actionType;
}

/** @type {import('eslint').Rule.RuleModule} */
const callByCaller = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      call: 'Make it with useAction (or callAction) and prepareCall: a call has more ends than its answer.',
    },
  },
  create(context) {
    const { parserServices } = context.sourceCode;
    return {
      CallExpression(node) {
        if (isAction(parserServices.getTypeAtLocation(node.callee)))
          context.report({ node, messageId: 'call' });
      },
    };
  },
};

/** @type {import('eslint').Rule.RuleModule} */
const handOnAsAction = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      handOn: `A server action is handed to a component that asks for a ${actionType} (components/actions/call-action.ts), and is not called here.`,
    },
  },
  create(context) {
    const { parserServices } = context.sourceCode;
    const checker = parserServices.program.getTypeChecker();

    /** @param symbol of a name in this file */
    function isImportedAction(symbol) {
      if (!symbol || (symbol.flags & ts.SymbolFlags.Alias) === 0) return false;
      const [declaration] = checker.getAliasedSymbol(symbol).declarations ?? [];
      return declaration !== undefined && actionFile.test(declaration.getSourceFile().fileName);
    }

    return {
      Identifier(node) {
        const { parent } = node;
        if (parent.type.startsWith('Import') || parent.type.startsWith('TS')) return;
        const isProperty = parent.type === 'Property' && parent.key === node;
        // `save` in { save: saveConsent } is a name only; { saveConsent } is a name and a value, seen once as
        // each.
        if (isProperty) return;
        const tsNode = parserServices.esTreeNodeToTSNodeMap.get(node);
        const symbol =
          parent.type === 'Property' && parent.shorthand
            ? checker.getShorthandAssignmentValueSymbol(tsNode.parent)
            : checker.getSymbolAtLocation(tsNode);
        if (!isImportedAction(symbol)) return;
        if (!isAction(checker.getContextualType(tsNode))) context.report({ node, messageId: 'handOn' });
      },
    };
  },
};

export const serverActions = {
  rules: { 'call-by-caller': callByCaller, 'hand-on-as-action': handOnAsAction },
};
