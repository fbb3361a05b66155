/** Where the provider's staff work. */
export const staffTimeZone = 'Africa/Johannesburg';
