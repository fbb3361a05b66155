/**
 * What may stand where: reading the environment, opening a connection, sending SQL as it is, and the class
 * that breaks long words. Which files each rule is for stands in .oxlintrc.json.
 */

/**
 * A rule that reports whatever a selector finds.
 * @param {string} selector
 * @param {string} message
 * @returns {import('oxlint/plugins-dev').Rule}
 */
const refuse = (selector, message) => ({
  meta: { type: 'problem', schema: [], messages: { refused: message } },
  create: (context) => ({
    /** @param {any} node */
    [selector]: (node) => context.report({ node, messageId: 'refused' }),
  }),
});

const rules = {
  'environment-in-one-file': refuse(
    'MemberExpression[object.name="process"][property.name="env"]',
    'process.env is read in lib/env.ts alone.',
  ),
  'session-in-utc': refuse(
    'Property[key.name="connectionString"]:not([value.callee.name="sessionUrl"])',
    'Open every connection at sessionUrl(url): a session in another zone shifts the times Prisma writes.',
  ),
  'sql-is-a-statement': refuse(
    'CallExpression[callee.property.name="query"]',
    'SQL is a statement (lib/db/statement.ts), which is compared with the schema; or use prismaOn.',
  ),
  'wrap-anywhere': refuse(
    'Literal[value=/\\bbreak-words\\b/], TemplateElement[value.raw=/\\bbreak-words\\b/]',
    'Use wrap-anywhere: with break-words, one long word makes its column wider than a phone.',
  ),
};

const house = { meta: { name: 'house' }, rules };

export default house;
