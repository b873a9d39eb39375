/**
 * Request headers that pages of an allowed origin may send: those that GraphQL needs, and those that clients and tracing libraries add
 * on their own. Browsers send them to another origin only after a preflight. The list does not affect CSRF prevention, which
 * depends only on the content type and on two headers of Apollo Server.
 */
export const corsHeaders: readonly string[] = [
  "content-type",
  "authorization",
  // Sent by clients to force a preflight
  "apollo-require-preflight",
  "graphql-require-preflight",
  "graphql-preflight",
  // The client's name and the operation's
  "x-apollo-operation-name",
  "apollographql-client-name",
  "apollographql-client-version",
  "graphql-client-name",
  "graphql-client-version",
  // W3C Trace Context and Baggage, e.g. OpenTelemetry
  "traceparent",
  "tracestate",
  "baggage",
  // Sentry
  "sentry-trace",
  // Datadog
  "x-datadog-origin",
  "x-datadog-parent-id",
  "x-datadog-sampling-priority",
  "x-datadog-trace-id",
  // New Relic, Elastic, AWS X-Ray
  "newrelic",
  "elastic-apm-traceparent",
  "x-amzn-trace-id",
  // B3: Zipkin and compatible tracers
  "b3",
  "x-b3-traceid",
  "x-b3-spanid",
  "x-b3-parentspanid",
  "x-b3-sampled",
  "x-b3-flags",
  // Request ids
  "x-request-id",
  "x-correlation-id",
  "x-requested-with",
];
