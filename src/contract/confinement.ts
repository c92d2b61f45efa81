/**
 * What of the sandbox a person can open, and which limits they can set: one property of systemd's at a time, each with
 * what it costs. https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Sandboxing and
 * https://www.freedesktop.org/software/systemd/man/latest/systemd.resource-control.html
 */
import * as z from 'zod/mini';
import { suggestion } from '../words/text.ts';

interface Property {
  /** As an error says it: "all". */
  allowed: string;
  takes: RegExp;
  /** One sentence: what it costs. */
  cost: string;
}

const words = (...values: string[]) => ({
  allowed: values.join(' or '),
  takes: new RegExp(`^(?:${values.join('|')})$`),
});
const off = (cost: string): Property => ({ ...words('no'), cost });

/**
 * All that the generated sandbox has and an app may be in need of. Values are those that systemd 252 and 257 take. Not
 * NoNewPrivileges: others of the sandbox imply it for a user who is not root, and a setuid program would find the
 * capabilities gone all the same. https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#NoNewPrivileges=
 */
export const SANDBOX: Readonly<Record<string, Property>> = {
  ProtectSystem: {
    ...words('full', 'yes', 'no'),
    cost: 'A broken-in app can write wherever its user may, outside of its own folders too.',
  },
  ProtectHome: {
    ...words('read-only', 'tmpfs', 'no'),
    cost: 'A broken-in app can read what people leave open in their homes.',
  },
  PrivateTmp: off('What other programs leave in /tmp can be read or put into the way of the app.'),
  RestrictSUIDSGID: off('A broken-in app can leave setuid programs in its folders.'),
  RestrictNamespaces: off('A broken-in app reaches parts of the kernel that namespaces open to everybody.'),
  RestrictRealtime: off('A broken-in app can keep the processors from everybody else.'),
  LockPersonality: off('A broken-in app can turn off the protection of its own memory.'),
  RemoveIPC: off('Shared memory of the app stays on the host after it has stopped.'),
  PrivateDevices: off('A broken-in app reaches the devices of the host that its user may open.'),
  ProtectClock: off('Nothing but missing rights keeps a broken-in app from the clock.'),
  ProtectControlGroups: off('Nothing but missing rights keeps a broken-in app from the control groups.'),
  ProtectHostname: off('Nothing but missing rights keeps a broken-in app from the name of the host.'),
  ProtectKernelLogs: off('Nothing but missing rights keeps a broken-in app from the log of the kernel.'),
  ProtectKernelModules: off(
    'Nothing but missing rights keeps a broken-in app from loading modules of the kernel.',
  ),
  ProtectKernelTunables: off(
    'Nothing but missing rights keeps a broken-in app from the settings of the kernel.',
  ),
  ProtectProc: {
    ...words('noaccess', 'ptraceable', 'default'),
    cost: 'A broken-in app sees the processes of other users, with their command lines.',
  },
  ProcSubset: {
    ...words('all'),
    cost: 'A broken-in app can read how the host is doing: its memory, load, disks and network.',
  },
  RestrictAddressFamilies: {
    ...words('AF_NETLINK'),
    cost: 'A broken-in app can ask the kernel about interfaces and routes, by code that has had holes.',
  },
  SystemCallFilter: {
    ...words('@resources', '@chown'),
    cost: 'A broken-in app can make more calls of the kernel than a server needs.',
  },
};

/** With less than 16 MB, no Python with a web framework comes up. */
const size = {
  allowed: 'a size from 16M such as 512M or 1G',
  takes: /^(?:(?:1[6-9]|[2-9]\d|[1-9]\d{2,9})M|[1-9]\d{0,9}[GT]|[1-9]\d{4,9}K|[1-9]\d{7,9})$/,
};
const weight = { allowed: 'a whole number from 1 to 10000', takes: /^(?:[1-9]\d{0,3}|10000)$/ };

/** Limits, which the generated unit leaves to the host. */
export const LIMITS: Readonly<Record<string, Property>> = {
  // https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#OOMPolicy=
  MemoryMax: {
    ...size,
    cost: 'Above it the kernel kills a process of the app, and the request that it has in hand is lost; systemd then restarts the app as a whole.',
  },
  MemoryHigh: { ...size, cost: 'Above it the app is slowed down, and may answer too late.' },
  MemorySwapMax: {
    ...size,
    allowed: '0 or a size such as 512M',
    takes: /^(?:0|[1-9]\d{0,9}[KMGT]?)$/,
    cost: 'The app comes to its limit of memory earlier, since less of it can be swapped out.',
  },
  TasksMax: {
    allowed: 'a whole number from 16 to 999999',
    takes: /^(?:1[6-9]|[2-9]\d|[1-9]\d{2,5})$/,
    cost: 'A process or thread above it cannot be started, which the app sees as an error.',
  },
  CPUQuota: {
    allowed: 'a percentage of one processor such as 150%',
    takes: /^[1-9]\d{0,4}%$/,
    cost: 'The app gets no more of the processors, however idle the host is.',
  },
  CPUWeight: {
    ...weight,
    cost: 'Below 100 the app waits for others where the processors are busy; above, others do.',
  },
  IOWeight: {
    ...weight,
    cost: 'Below 100 the app waits for others where the disks are busy; above, others do.',
  },
  LimitNOFILE: {
    allowed: 'a whole number from 64 to 1048576',
    takes:
      /^(?:6[4-9]|[7-9]\d|[1-9]\d{2,5}|10[0-3]\d{4}|104[0-7]\d{3}|1048[0-4]\d{2}|10485[0-6]\d|104857[0-6])$/,
    cost: 'With more, files that the app forgets to close are noticed later; with fewer, it runs out of them earlier.',
  },
  LimitCORE: {
    allowed: 'infinity or a size such as 512M',
    takes: /^(?:infinity|[1-9]\d{0,9}[KMGT]?)$/,
    cost: 'What a process had in its memory when it died, secrets too, lies on the disk of the host.',
  },
};

/** What opens a property, where that is not "no". */
const OPENED: Readonly<Record<string, string>> = { ProcSubset: 'all', ProtectProc: 'default' };

/**
 * What a setting of an earlier unit means as an answer; undefined where it means none. Of the sandbox that is what
 * somebody wrote to open it: what was less locked in than the generated one is no reason to be so again.
 */
export function confinementOf(
  property: string,
  text: string,
): { answer: 'sandbox' | 'limits'; value: string | number } | undefined {
  if (Object.hasOwn(LIMITS, property)) {
    const value = /^\d+$/.test(text) ? Number(text) : text;
    return LIMITS[property]?.takes.test(text) === true ? { answer: 'limits', value } : undefined;
  }
  if (!Object.hasOwn(SANDBOX, property)) return undefined;
  if (property === 'RestrictAddressFamilies')
    return !text.startsWith('~') && text.split(/\s+/).includes('AF_NETLINK')
      ? { answer: 'sandbox', value: 'AF_NETLINK' }
      : undefined;
  const open = OPENED[property] ?? 'no';
  const isOpen = open === 'no' ? /^(?:no|n|false|f|off|0)$/i.test(text) : text === open;
  return isOpen && SANDBOX[property]?.takes.test(open) === true
    ? { answer: 'sandbox', value: open }
    : undefined;
}

/** Properties of the sandbox that commands run by hand have as well. */
const OF_COMMANDS: readonly string[] = ['ProtectSystem', 'ProtectHome', 'PrivateTmp'];

/** YAML has numbers, and `false` beside "no". */
const textOfProperty = (value: unknown): string => (value === false ? 'no' : String(value));

function properties(table: Readonly<Record<string, Property>>) {
  const scalar = z.union([z.string(), z.number(), z.boolean()], { error: 'must be a text or a number' });
  return z.record(z.string(), scalar).check((context) => {
    for (const [property, value] of Object.entries(context.value)) {
      const known = Object.hasOwn(table, property) ? table[property] : undefined;
      const message = known === undefined ? unknownIn(table, property) : `must be ${known.allowed}`;
      if (known?.takes.test(textOfProperty(value)) !== true)
        context.issues.push({ ...{ code: 'custom', input: value, path: [property] }, message });
    }
  });
}

function unknownIn(table: Readonly<Record<string, Property>>, property: string): string {
  const known = Object.keys(table);
  return `is for ${JSON.stringify(property)}, which is none of the properties that can be given: ${known.join(', ')}${suggestion(property, known)}`;
}

export const sandbox = properties(SANDBOX);
export const limits = properties(LIMITS);

/** A line of a unit that the answers put there. */
export interface Loosened {
  line: string;
  cost: string;
  ofCommands: boolean;
}

/** What the two answers say, in the order of the tables. */
export function loosenedBy(answers: {
  sandbox: Readonly<Record<string, unknown>>;
  limits: Readonly<Record<string, unknown>>;
}): Loosened[] {
  const lines = (table: typeof SANDBOX, said: Readonly<Record<string, unknown>>) =>
    Object.entries(table)
      .filter(([property]) => Object.hasOwn(said, property))
      .map(([property, { cost }]) => ({
        line: `${property}=${textOfProperty(said[property])}`,
        cost,
        ofCommands: OF_COMMANDS.includes(property),
      }));
  return [...lines(SANDBOX, answers.sandbox), ...lines(LIMITS, answers.limits)];
}
