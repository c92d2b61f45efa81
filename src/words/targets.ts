/**
 * The systems that a host may run, and the versions of what they package: https://packages.debian.org/ and
 * https://packages.ubuntu.com/
 */

interface Target {
  title: string;
  versions: { nginx: string; openssl: string; systemd: string; python: string; xsendfile: string };
  webUser: string;
}

export const TARGETS = {
  'debian-13': {
    title: 'Debian 13 (trixie)',
    versions: {
      ...{ nginx: '1.26.3', openssl: '3.5', systemd: '257', python: '3.13' },
      xsendfile: '0.12+git20120509',
    },
    webUser: 'www-data',
  },
  'debian-12': {
    title: 'Debian 12 (bookworm)',
    versions: { nginx: '1.22.1', openssl: '3.0', systemd: '252', python: '3.11', xsendfile: '0.12' },
    webUser: 'www-data',
  },
  'ubuntu-26.04': {
    title: 'Ubuntu 26.04 LTS',
    versions: {
      ...{ nginx: '1.28', openssl: '3.5', systemd: '259', python: '3.14' },
      xsendfile: '0.12+git20120509',
    },
    webUser: 'www-data',
  },
  'ubuntu-24.04': {
    title: 'Ubuntu 24.04 LTS',
    versions: { nginx: '1.24.0', openssl: '3.0', systemd: '255', python: '3.12', xsendfile: '0.12' },
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

/** Systems that people have and that nothing is written for, by how their names begin: what is too old, or other, there. */
const TOO_FAR: readonly (readonly [RegExp, string])[] = [
  [
    /^ubuntu-?(?:22|20|18|jammy|focal|bionic)/i,
    'its Python is older than 3.11, and its nginx than 1.19.4, which can refuse a handshake: upgrade the host to Ubuntu 24.04',
  ],
  [
    /^debian-?(?:11|10|9|bullseye|buster)/i,
    'its Python is older than 3.11, and its nginx than 1.19.4, which can refuse a handshake: upgrade the host to Debian 12',
  ],
  [
    /^(?:rhel|centos|rocky|alma(?:linux)?|fedora|oracle|amazon|amzn|suse|opensuse|sles|arch|alpine)/i,
    "it has neither apt nor the folders of Debian's nginx and Apache, which the files and the installer are written for: take a host with Debian or Ubuntu, or write the files alone with --delivery files and put them in their places by hand",
  ],
];

/** Why nothing is written for a system that somebody named, and what is nearest; undefined where nothing is known of it. */
export function whyNot(system: string): string | undefined {
  return TOO_FAR.find(([name]) => name.test(system))?.[1];
}
