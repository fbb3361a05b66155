import type { Page } from '@playwright/test';

/** A device that holds passkeys and lets its owner use them: Chromium's own, over its debugging protocol. */
export interface VirtualAuthenticator {
  /** What is on it, to be carried to another page of the same person. */
  readCredentials(): Promise<Credential[]>;
  addCredential(credential: Credential): Promise<void>;
  /** Whether the owner's finger is the right one. */
  setVerified(isVerified: boolean): Promise<void>;
}

interface Credential {
  credentialId: string;
  isResidentCredential: boolean;
  rpId?: string;
  privateKey: string;
  userHandle?: string;
  signCount: number;
}

/** Gives a page a device for passkeys. Call it before one is asked for. */
export async function addVirtualAuthenticator(page: Page): Promise<VirtualAuthenticator> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    async readCredentials() {
      const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId });
      return credentials;
    },
    async addCredential(credential) {
      await session.send('WebAuthn.addCredential', { authenticatorId, credential });
    },
    async setVerified(isUserVerified) {
      await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    },
  };
}

interface Finger {
  /** Whether the device waits for it. */
  isAwaited: () => boolean;
  put: () => void;
}

/** Lets devices wait until their owner puts a finger on them. Call it before the page is opened. */
export async function holdFinger(page: Page): Promise<Finger> {
  const waiting: (() => void)[] = [];
  await page.exposeFunction('waitForFinger', () => new Promise<void>((resolve) => waiting.push(resolve)));
  await page.addInitScript(() => {
    const { credentials } = navigator;
    const { waitForFinger } = window as unknown as { waitForFinger: () => Promise<void> };
    const create = credentials.create.bind(credentials);
    const get = credentials.get.bind(credentials);
    credentials.create = async (options) => waitForFinger().then(() => create(options));
    credentials.get = async (options) => waitForFinger().then(() => get(options));
  });
  return {
    isAwaited: () => waiting.length > 0,
    put: () => {
      for (const go of waiting.splice(0)) go();
    },
  };
}
