'use client';

import { useSyncExternalStore } from 'react';
import { keepInCookie } from '@/components/ui/cookie';
import { MenuChoice, MenuGroup } from '@/components/ui/menu';
import { parseTheme, themeCookieName, type Theme } from './theme';

const choices: readonly { value: Theme | undefined; label: string }[] = [
  { value: undefined, label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

function chooseTheme(theme: Theme | undefined) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  keepInCookie(themeCookieName, theme ?? null);
}

function observeTheme(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

/**
 * The attribute on <html> is the state: the server writes it from the cookie, so there is nothing to keep in
 * step.
 */
function getTheme(): Theme | undefined {
  return parseTheme(document.documentElement.dataset.theme);
}

export function ThemeChoice() {
  const theme = useSyncExternalStore(observeTheme, getTheme, () => undefined);
  return (
    <MenuGroup label="Theme">
      {choices.map((choice) => (
        <MenuChoice
          key={choice.label}
          kind="radio"
          checked={theme === choice.value}
          onSelect={() => chooseTheme(choice.value)}
        >
          {choice.label}
        </MenuChoice>
      ))}
    </MenuGroup>
  );
}
