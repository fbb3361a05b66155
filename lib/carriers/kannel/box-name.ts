/** The worker's name among Kannel's boxes. */
export const boxName = 'client-zone';
