import type { AppSetup } from '@/lib/second-factor/schema';

/** Black on white in the dark theme, too: not every camera reads it the other way round. */
export function QrCode({ qr, label }: { qr: AppSetup['qr']; label: string }) {
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${qr.size} ${qr.size}`}
      shapeRendering="crispEdges"
      className="size-48 shrink-0 rounded-md border border-line"
    >
      <rect width={qr.size} height={qr.size} fill="#fff" />
      <path d={qr.path} fill="#000" />
    </svg>
  );
}
