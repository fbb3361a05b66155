export { listHolds } from './holds';
export { readPerson } from './person';
export { writePersonXlsx } from './person-export';
export { readRetentionSettings } from './retention-settings';
