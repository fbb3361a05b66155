export const simulatorEventsUrl = '/api/simulator/events';
export const simulatorEventName = 'message';

/** The phone that holds a new SMS; null: look at all of them. */
export function readChangedPhone(data: string): string | null {
  return (JSON.parse(data) as { msisdn: string | null }).msisdn;
}
