import { z } from 'zod';

/**
 * Whether a text from outside can be an id of the database: the largest that PostgreSQL knows has 19 digits.
 */
export function isId(text: string): boolean {
  return /^[1-9]\d{0,17}$/.test(text);
}

export const idSchema = z.string().refine(isId);
