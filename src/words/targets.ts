/** The systems that a host may run, and the versions of what they package. https://packages.debian.org/ */

interface Target {
  title: string;
  versions: { nginx: string; openssl: string; systemd: string; python: string };
  webUser: string;
}

export const TARGETS = {
  'debian-13': {
    title: 'Debian 13 (trixie)',
    versions: { nginx: '1.26.3', openssl: '3.5', systemd: '257', python: '3.13' },
    webUser: 'www-data',
  },
  'debian-12': {
    title: 'Debian 12 (bookworm)',
    versions: { nginx: '1.22.1', openssl: '3.0', systemd: '252', python: '3.11' },
    webUser: 'www-data',
  },
} as const satisfies Record<string, Target>;

export type TargetId = keyof typeof TARGETS;
export const TARGET_IDS = Object.keys(TARGETS) as TargetId[];

export function isTarget(id: unknown): id is TargetId {
  return typeof id === 'string' && Object.hasOwn(TARGETS, id);
}

/** The version that a target packages, for an answer's fallback; undefined while the target is unknown. */
export function packaged(target: unknown, tool: keyof Target['versions']): string | undefined {
  return isTarget(target) ? TARGETS[target].versions[tool] : undefined;
}
