/** Runs the embedded database of the folder given and says so; a test kills it. */
import { startEmbedded } from '@/lib/db/embedded/embedded';

const server = await startEmbedded(process.argv[2] ?? '', () => undefined);
process.send?.('ready');
await server.ended;
