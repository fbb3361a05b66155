/** Ways in which people write the same number, all of them understood; number-formats.test.ts holds that. */
export const numberFormats = [
  '082 123 4567',
  '0821234567',
  '821234567',
  '27821234567',
  '+27 82 123 4567',
  '0027821234567',
  '+27 (0)82 123 4567',
  '082-123-4567',
];
