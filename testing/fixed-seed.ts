import fc from 'fast-check';
import { propertyRuns } from './property-runs';

// For every test file (vitest.config.ts): a property that says nothing of its runs has these.
fc.configureGlobal(propertyRuns(100));
