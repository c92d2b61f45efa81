/** Has systemd itself judge its units: https://www.freedesktop.org/software/systemd/man/latest/systemd-analyze.html */

import { firstLine, isOlder, words } from '../../check/run.ts';
import type { Plan } from '../../contract/plan.ts';
import { recoverUnit } from '../../contract/plan.ts';
import type {
  Judged,
  Prepared,
  Reading,
  StagedFile,
  ToolResult,
  TreeFile,
  Validator,
} from '../../contract/validator.ts';
import { DIALECTS } from '../../formats/ini/dialects.ts';
import { parseIni } from '../../formats/ini/parse.ts';
import type { Finding } from '../../words/finding.ts';

const UNITS = '/etc/systemd/system/';
const UNIT = /\.(?:service|socket|target|timer|path|mount|slice)$/;

/** systemd-analyze rates a unit from 0 (locked in) to 10; what it prints has one decimal. */
const MOST_EXPOSURE = 1.5;

/** Units that every unit leans on; where they are missing, systemd-analyze judges nothing. */
const TARGETS = [
  'basic',
  'multi-user',
  'network',
  'network-online',
  'shutdown',
  'sockets',
  'sysinit',
  'timers',
];

const systemd = {
  tool: 'systemd-analyze',
  package: 'systemd',
  // Units are read from the stage alone; nothing of them is started, and no generator is run.
  risk: () => undefined,
  version: {
    arguments: ['--version'],
    pattern: /^systemd (\d+(?:\.\d+)*)/m,
    wanted: (plan: Plan) => plan.processManager.systemd,
    older: 'run',
  },
} as const satisfies Partial<Validator>;

/**
 * `systemd-analyze verify` in a root of its own, in which every program of the units is a stub, and every unit that
 * others need: what is installed here, and which users exist, makes no difference.
 */
export const systemdAcceptsUnits: Validator = {
  ...systemd,
  checks: 'whether systemd accepts the units',

  prepare(context) {
    const units = unitsOf(context);
    if (units.length === 0) return undefined;
    const names = units.map(nameOf);
    return {
      files: [...stagedUnits(units), ...programs(units)],
      command: [
        context.tool,
        'verify',
        '--man=no',
        '--recursive-errors=no',
        `--root=${context.stage}`,
        ...names,
      ],
    };
  },

  read: readVerify,
};

/** `systemd-analyze security --offline`: no service may be more exposed than 1.5 of 10. */
export const systemdSandboxIsTight: Validator = {
  ...systemd,
  checks: 'how well systemd locks the service in',

  prepare(context: Prepared) {
    // All but the one that is the installer itself: it has to change the host.
    const installer = recoverUnit(context.plan.name);
    const services = unitsOf(context).filter(
      (unit) => unit.path.endsWith('.service') && nameOf(unit) !== installer,
    );
    if (services.length === 0) return undefined;
    return {
      files: [...stagedUnits(unitsOf(context)), ...programs(services)],
      command: [
        context.tool,
        'security',
        '--offline=yes',
        '--no-pager',
        `--root=${context.stage}`,
        ...services.map(nameOf),
      ],
      environment: { SYSTEMD_EMOJI: '0', SYSTEMD_COLORS: '0', COLUMNS: '240' },
    };
  },

  read: readSecurity,
};

function unitsOf({ files }: Judged): TreeFile[] {
  return files.filter(
    (file) => file.path.startsWith(UNITS) && UNIT.test(file.path) && !nameOf(file).includes('/'),
  );
}

function nameOf({ path }: TreeFile): string {
  return path.slice(UNITS.length);
}

/** The units, and the folders beside them: `shop.service.d/*.conf` belongs to a unit. */
function stagedUnits(units: readonly TreeFile[]): StagedFile[] {
  const stubs = TARGETS.map((name) => ({
    path: `usr/lib/systemd/system/${name}.target`,
    text: '[Unit]\nDescription=Stub\n',
  }));
  return [...units.map(({ path, text, shown }) => ({ path: path.slice(1), text, shown })), ...stubs];
}

/** The command lines of a unit. */
const commandsOf = ({ text }: TreeFile) =>
  parseIni(text, DIALECTS.systemd).sections.flatMap(({ entries }) =>
    entries.filter(({ name }) => /^Exec[A-Za-z]+$/.test(name)),
  );

/** A program by its absolute path, without the characters that may stand before it. */
const PROGRAM = /^[-@:+!|]*(?:"(\/[^"]+)"|'(\/[^']+)'|(\/[^\s;]+))/;

/** Stubs for what the units start. */
function programs(units: readonly TreeFile[]): StagedFile[] {
  const found = units.flatMap(commandsOf).flatMap(({ value }) => {
    const [, double, single, bare] = PROGRAM.exec(value) ?? [];
    return double ?? single ?? bare ?? [];
  });
  const paths = [...new Set(found)].filter((path) => !path.split('/').includes('..'));
  return paths.map((path) => ({ path: path.slice(1), text: '#!/bin/sh\n', mode: 0o755 }));
}

const OF_LINE = /^(\/.*?):(\d+): (.*)$/;
const OF_UNIT = /^([\w@.:-]+\.(?:service|socket|target|timer|path|mount|slice)): (.*)$/;
/** Said after something else was said. */
const CONSEQUENCE =
  /has a bad unit file setting|socket cannot be started|has fatal error, unit will not be started/;

/** The words of `systemd-analyze verify` as findings; it says some things twice. */
export function readVerify(result: ToolResult, context: Reading): Finding[] {
  const lines = [...new Set(words(result).split('\n'))]
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const causes = lines.filter((line) => !CONSEQUENCE.test(line));
  return (causes.length > 0 ? causes : lines).map((line) => verifyFinding(line, context));
}

function verifyFinding(text: string, context: Reading): Finding {
  const { message, ...place } = placed(text, context);
  const finding = {
    code: 'systemd-complains',
    tool: systemd.tool,
    ...place,
    message: context.clean(message),
  } as const;
  if (/is not executable/.test(message)) {
    const remedy = 'A program without a path is looked for on the host; give its absolute path.';
    return { ...finding, level: 'unchecked', remedy };
  }
  const unknown = /^Unknown (?:key|lvalue|section) '([^']*)'/.test(message);
  const older = context.versions && isOlder(context.versions);
  if (unknown && older) {
    const { here, wanted } = context.versions as NonNullable<Reading['versions']>;
    const remedy = `systemd ${here} is here and the host will have ${wanted}, which may know it: check there.`;
    return { ...finding, level: 'unchecked', remedy };
  }
  if (/deprecated|obsolete|has been removed|Accepting user\/group name|legacy directory/.test(message)) {
    return {
      ...finding,
      level: 'warning',
      remedy: 'systemd works with it nevertheless; correct it before it matters.',
    };
  }
  const failed = /^(?:Failed to|Cannot) (?:initialize|allocate|set up|open|connect)/.test(message);
  if (failed && !('file' in place)) {
    return {
      ...finding,
      code: 'tool-failed',
      level: 'unchecked',
      remedy: 'Run systemd-analyze verify by hand: it does not work here.',
    };
  }
  const remedy = unknown
    ? 'See how it is spelt, and in which section it belongs: https://www.freedesktop.org/software/systemd/man/latest/systemd.directives.html'
    : 'Correct the line: systemd ignores it, or refuses the unit.';
  return { ...finding, level: 'error', remedy };
}

function placed(text: string, context: Reading): { message: string; file?: string; line?: number } {
  const ofLine = OF_LINE.exec(text);
  const file = ofLine && context.locate(ofLine[1] as string);
  if (ofLine && file) return { file, line: Number(ofLine[2]), message: ofLine[3] as string };
  const ofUnit = OF_UNIT.exec(text);
  const unit = ofUnit && unitsOf(context).find((candidate) => nameOf(candidate) === ofUnit[1]);
  if (!ofUnit || !unit) return { message: text };
  const message = ofUnit[2] as string;
  const line = lineOfCommand(unit, message);
  return { file: unit.shown, message, ...(line && { line }) };
}

/** systemd names no line for a command that it does not find. */
function lineOfCommand(unit: TreeFile, message: string): number | undefined {
  const command = /^Command (\S+) is not executable/.exec(message)?.[1];
  if (command === undefined) return undefined;
  return commandsOf(unit).find(({ value }) => value.includes(command))?.line;
}

const OVERALL = /Overall exposure level for (\S+): (\d+(?:\.\d+)?)/g;
/** "- PrivateNetwork=   Service has access to the host's network   0.5"; the mark is \u2717 where the locale has it. */
const WEAKNESS = /^(?:-|\u2717)\s+(\S+)\s{2,}.*?\s(\d+\.\d+)\s*$/gm;

/** The words of `systemd-analyze security` as findings. Its exit code speaks of a threshold alone. */
export function readSecurity(result: ToolResult, context: Reading): Finding[] {
  const ratings = [...result.stdout.matchAll(OVERALL)].map((match) => ({
    unit: match[1],
    exposure: Number(match[2]),
  }));
  if (ratings.length === 0) {
    const message = `systemd-analyze security rates nothing: ${context.clean(firstLine(result))}`;
    return [
      {
        code: 'tool-failed',
        tool: systemd.tool,
        level: 'unchecked',
        message,
        remedy: 'It needs systemd 250 or newer, and units that it accepts.',
      },
    ];
  }
  const one = ratings.length === 1;
  return ratings
    .filter(({ exposure }) => exposure > MOST_EXPOSURE)
    .map(({ unit, exposure }) =>
      exposedFinding(unit as string, exposure, one ? weaknesses(result.stdout) : [], context),
    );
}

function exposedFinding(unit: string, exposure: number, weak: readonly string[], context: Reading): Finding {
  const file = unitsOf(context).find((candidate) => nameOf(candidate) === unit)?.shown;
  const first = weak.length > 0 ? ` Most is won with: ${weak.join(', ')}.` : '';
  return {
    code: 'sandbox-open',
    tool: systemd.tool,
    level: 'warning',
    ...(file !== undefined && { file }),
    message: `${unit} is exposed by ${exposure} of 10; at most ${MOST_EXPOSURE} is wanted`,
    remedy: `Put back the settings that lock the service in.${first}`,
  };
}

/** The five settings that expose the unit most. */
function weaknesses(table: string): string[] {
  return [...table.matchAll(WEAKNESS)]
    .map((match) => ({ setting: match[1] as string, exposure: Number(match[2]) }))
    .filter(({ setting }) => !UNAVOIDABLE.test(setting))
    .sort((a, b) => b.exposure - a.exposure)
    .slice(0, 5)
    .map(({ setting }) => setting);
}

/** A web app needs its network and its sockets. */
const UNAVOIDABLE = /^(?:PrivateNetwork|IPAddressDeny|RestrictAddressFamilies=~AF_(?:UNIX|\(INET))/;
