/** Run by Next.js once, as the web starts. */
export async function register(): Promise<void> {
  // Next.js leaves what follows out of what it makes for other places than Node.js.
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { beginWeb } = await import('@/lib/metrics/begin-web');
  await beginWeb();
}
