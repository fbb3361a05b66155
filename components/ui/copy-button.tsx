'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { showToast } from './toast';
import { IconButton } from './icon-button';

const confirmationMs = 1500;

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), confirmationMs);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    try {
      // Only there on https and localhost.
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      showToast('Copying is not possible here. Select the text and copy it by hand.');
    }
  }

  return <IconButton icon={copied ? Check : Copy} label={copied ? 'Copied' : label} onClick={copy} />;
}
