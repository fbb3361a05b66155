import { env } from '@/lib/env';
import { log } from '@/lib/log';
import { setTracing } from './tracing';

/**
 * Sends traces by OTLP over HTTP to OTEL_EXPORTER_OTLP_ENDPOINT; while that is not set, nothing of
 * OpenTelemetry but its API is loaded. Its other variables (OTEL_TRACES_SAMPLER …) are read by the SDK.
 *
 * @returns sends what is left, and ends it
 */
export async function startTracing(part: 'web' | 'worker'): Promise<() => Promise<void>> {
  if (env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return () => Promise.resolve();
  const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const url = `${env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, '')}/v1/traces`;
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': `client-zone-${part}`, 'process.pid': process.pid }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  provider.register();
  setTracing(true);
  log.info('Traces are sent');
  return async () => {
    setTracing(false);
    await provider.shutdown();
  };
}
