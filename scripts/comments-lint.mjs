/**
 * The most columns of a line that a comment ends on; as of oxfmt for code, which leaves comments alone.
 */
export const commentColumns = 110;

/**
 * Comments are read beside code, so they are no wider. A line with an address may be.
 *
 * @type {import('oxlint/plugins-dev').Rule}
 */
const withinColumns = {
  meta: {
    type: 'layout',
    schema: [],
    messages: { tooLong: `A comment ends at ${commentColumns} columns; this one is {{columns}} wide.` },
  },
  create(context) {
    const { sourceCode } = context;
    return {
      Program() {
        for (const { loc } of sourceCode.getAllComments()) {
          for (let line = loc.start.line; line <= loc.end.line; line += 1) {
            const text = sourceCode.lines[line - 1];
            const end = line === loc.end.line ? loc.end.column : text.length;
            if (end <= commentColumns || /https?:\/\//.test(text)) continue;
            context.report({
              loc: { start: { line, column: 0 }, end: { line, column: end } },
              messageId: 'tooLong',
              data: { columns: String(end) },
            });
          }
        }
      },
    };
  },
};

const comments = { meta: { name: 'comments' }, rules: { 'within-columns': withinColumns } };

export default comments;
