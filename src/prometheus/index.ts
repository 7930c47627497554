export { type PrometheusOptions, type PrometheusPool, prometheusText } from './text-exposition.ts';
