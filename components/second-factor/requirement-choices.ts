/** Whether everybody who works with an account must have a second factor. */
export const requirementChoices = [
  {
    value: 'OPTIONAL',
    label: 'Everyone decides for themselves',
    text: 'Whoever has set up an authenticator app or a passkey is asked for it; for others the password is enough.',
    done: 'Everyone decides for themselves now',
  },
  {
    value: 'REQUIRED',
    label: 'Everyone must have one',
    text: 'Whoever has none is led to set one up at their next sign-in, before anything else. They are told by e-mail now; nobody is signed out.',
    done: 'Everyone must have a second factor now',
  },
] as const;
