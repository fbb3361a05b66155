export { recordLook } from './person';
export { applyRetention } from './retention-job';
