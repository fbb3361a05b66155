/**
 * The rooms of the house, from the ground up: a room imports only rooms above it in this list, and itself.
 * eslint.config.mjs holds it, in the editor too; CONTRIBUTING.md shows it as a picture, and a test compares
 * the two.
 */
export const rooms = [
  // Facts: pure, without the database.
  'sms',
  'env.ts',
  'log.ts',
  // What every feature stands on, and which knows no feature.
  'db',
  'http',
  'jobs',
  'events',
  'secrets',
  'auth',
  'second-factor',
  'api-keys',
  'lists',
  'audit',
  // The block, and what carries it out.
  'opt-outs',
  'messages',
  'notices',
  'platform',
  'removal-requests',
  'replies',
  'unowned-replies',
  // What customers and staff do with it.
  'number-lists',
  'stories',
  'settings',
  'home',
  'accounts',
  'people',
  'rest-v1',
  // Where it meets the world.
  'carriers',
  'worker',
];

/** For eslint's import/no-restricted-paths: what each room must not import. */
export const roomZones = rooms.map((room, index) => ({
  target: `./lib/${room}`,
  from: rooms.slice(index + 1).map((later) => `./lib/${later}`),
  message: `lib/${room} is below this room: see rooms.mjs. Move the file down, or hand in what is needed.`,
}));
