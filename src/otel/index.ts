export type { Semconv } from './attributes.ts';
export { type OpenTelemetryOptions, openTelemetry } from './open-telemetry.ts';
