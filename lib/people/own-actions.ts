'use server';

import { z } from 'zod';
import { openAction, personAction } from '@/lib/auth/make-action';
import { findVisitorAddress } from '@/lib/http/find-visitor-address';
import {
  askEmailChange,
  askNumberChange,
  changePassword,
  confirmEmailChange,
  confirmNumberChange,
  emailChange,
  numberChange,
  passwordChange,
} from './own-details';
import { typedCode } from './registration';

const unchanged = 'This could not be done just now. Nothing was changed; try again.';

/** Other browsers are signed out. */
export const changeOwnPassword = personAction(passwordChange, changePassword, {
  doing: 'Changing a password',
  failed: unchanged,
});

/** Sends a link to the new address. */
export const changeOwnEmail = personAction(emailChange, askEmailChange, {
  doing: 'Asking for another e-mail address',
  failed: unchanged,
  refreshes: true,
});

/** Sends a code to the new number. */
export const changeOwnNumber = personAction(numberChange, askNumberChange, {
  doing: 'Asking for another cell number',
  failed: unchanged,
  refreshes: true,
});

/** The code that came to the new number. */
export const confirmOwnNumber = personAction(z.object({ code: typedCode }), confirmNumberChange, {
  doing: 'Changing a cell number',
  failed: unchanged,
  refreshes: true,
});

/**
 * The button behind the link to the new address. The link is the gate: it may be opened in another browser.
 */
export const confirmOwnEmail = openAction(
  z.string().max(500).catch(''),
  async (pool, _, token) => confirmEmailChange(pool, token, { address: await findVisitorAddress() }),
  { doing: 'Changing an e-mail address', failed: unchanged },
);
