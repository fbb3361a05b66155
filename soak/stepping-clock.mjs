/**
 * For `node --import`: a clock that is right now and then, and otherwise an hour fast or slow, a few seconds
 * each; timers are not touched, as they are not by a clock that somebody sets.
 */
const RealDate = Date;
const startedAt = RealDate.now();
const steps = [0, 3_600_000, -3_600_000];

const readSteppedNow = () => {
  const now = RealDate.now();
  return now + (steps[Math.floor((now - startedAt) / 4000) % steps.length] ?? 0);
};

globalThis.Date = new Proxy(RealDate, {
  construct: (target, parameters) =>
    parameters.length === 0 ? new target(readSteppedNow()) : Reflect.construct(target, parameters),
  get: (target, name) => (name === 'now' ? readSteppedNow : Reflect.get(target, name)),
});
