/** Where the integration tests get Kafka from; decided once a run, before the first test. */
export interface KafkaSource {
  /**
   * The broker that all tests share: `given` by KAFKA_BROKERS, started `on-demand` by the first test that asks at
   * `port`, or `missing`.
   */
  readonly shared:
    | { readonly kind: 'given'; readonly brokers: readonly string[] }
    | { readonly kind: 'on-demand'; readonly port: number }
    | { readonly kind: 'missing' };
  /** True when tests that stop and restart a broker can start one of their own. */
  readonly own: boolean;
}

declare module 'vitest' {
  interface ProvidedContext {
    kafka: KafkaSource;
  }
}
