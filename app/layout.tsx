import './globals.css';
import { GeistSans } from 'geist/font/sans';
import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { PageErrorAtHand } from '@/components/shell/page-error';
import { parseTheme, themeCookieName } from '@/components/shell/theme';
import { TipLayer } from '@/components/ui/tip-layer';
import { Toaster } from '@/components/ui/toaster';

export const metadata: Metadata = {
  title: { default: 'Client Zone', template: '%s · Client Zone' },
  description: 'Send SMSs and see who has opted out.',
  icons: { icon: '/favicon.svg' },
  robots: { index: false },
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f9fafb' },
    { media: '(prefers-color-scheme: dark)', color: '#0e0f12' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(themeCookieName)?.value);
  return (
    <html lang="en-ZA" data-theme={theme} className={GeistSans.variable}>
      <body>
        {children}
        <Toaster />
        <TipLayer />
        <PageErrorAtHand />
      </body>
    </html>
  );
}
