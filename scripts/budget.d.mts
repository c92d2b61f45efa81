/** How long a run of each kind may take; and how long its part on hosts may be expected to take. */
export const MINUTES: Readonly<Record<'quick' | 'test' | 'all' | 'hosts' | 'hostsAtMost', number>>;
/** How many test files have hosts at the same time. */
export const HOSTS_AT_ONCE: number;
