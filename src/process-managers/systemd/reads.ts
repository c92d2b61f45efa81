/** Services, sockets and timers of systemd's. https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html */

import { confinementOf } from '../../contract/confinement.ts';
import {
  type Account,
  type EarlierFiles,
  type Fate,
  NOTHING,
  type Process,
  type Said,
  type Statement,
} from '../../contract/earlier.ts';
import { account, fateOf, known, variablesAccount } from '../../detect/deployment/accounts.ts';
import { folderOf } from '../../detect/deployment/places.ts';
import { SERVERS } from '../../detect/deployment/servers.ts';
import { fileName } from '../../evaluate/modules.ts';
import { DIALECTS } from '../../formats/ini/dialects.ts';
import { type IniEntry, parseIni } from '../../formats/ini/parse.ts';
import { systemdWords } from '../../formats/systemd/words.ts';
import type { ProjectFiles } from '../../words/project-files.ts';

const UNIT = /\.(service|socket|timer|path)(?:\.(?!d$)\w+)?$/;

export const earlierSystemd: EarlierFiles = {
  unit: 'systemd',
  start: true,
  is: (name, text) =>
    (UNIT.test(name) && /^\s*\[(?:Service|Socket|Timer|Path)\]/m.test(text())) ||
    // A drop-in has the settings of a service, and any name.
    (name.endsWith('.conf') && /^\s*\[Service\]/m.test(text())),
  read: readUnit,
};

/** What becomes of the settings of [Service]. https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html */
const SERVICE = known(
  {
    taken: 'ExecStart WorkingDirectory',
    environment:
      'Environment EnvironmentFile PassEnvironment UnsetEnvironment LoadCredential SetCredential SetCredentialEncrypted LoadCredentialEncrypted',
    releases: 'ExecStartPre ExecStartPost ExecStop ExecStopPost ExecCondition',
    decided: `BusName CapabilityBoundingSet DynamicUser ExecReload ExitType FileDescriptorStoreMax FinalKillSignal Group GuessMainPID KillMode
      KeyringMode LockPersonality MemoryDenyWriteExecute NonBlocking NotifyAccess NoNewPrivileges PAMName PIDFile PermissionsStartOnly
      RemainAfterExit RemoveIPC Restart RestartSec RestartSteps RestartMaxDelaySec RestartForceExitStatus RestartPreventExitStatus RestartKillSignal SecureBits
      SendSIGHUP SendSIGKILL Slice Sockets SuccessExitStatus SyslogFacility SyslogIdentifier SyslogLevel SyslogLevelPrefix
      TimeoutStartSec TimeoutSec TimeoutAbortSec TTYPath TTYReset TTYVHangup Type UMask User UtmpIdentifier DevicePolicy AmbientCapabilities
      StartLimitBurst StartLimitInterval StartLimitIntervalSec`,
    limits: `KillSignal WatchdogSec WatchdogSignal RuntimeMaxSec RuntimeRandomizedExtraSec Nice OOMPolicy OOMScoreAdjust CPUAffinity NUMAPolicy NUMAMask
      DeviceAllow SupplementaryGroups RootDirectory RootImage BindPaths BindReadOnlyPaths Delegate DisableControllers Personality`,
  },
  {
    decided:
      /^(?:Proc|TTY|Utmp|Timeout|IgnoreSIGPIPE|Standard|Log|Private|Protect|Restrict|SystemCall|Inaccessible|ReadOnly|ReadWrite|NoExec|ExecPaths|Mount|Temporary|Runtime|State|Cache|Logs|Configuration|IPAddress)/,
    limits:
      /^(?:Root|Extension|IP|SELinux|AppArmor|Smack|Network|BPF|Coredump|ExecSearch|Default|USB|StartLimitAction|FailureAction|Reboot|Limit|Memory|CPU|Tasks|IO|BlockIO|Startup|Allowed|ManagedOOM|SocketBind|Timer)/,
  },
);

/** What becomes of the settings of [Unit] and [Install]. https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html */
const UNITS = known(
  {
    decided: `Alias AllowIsolate Also After Before CollectMode Conflicts DefaultDependencies DefaultInstance Description Documentation
      IgnoreOnIsolate PartOf RefuseManualStart RefuseManualStop RequiredBy Requires Requisite SourcePath StartLimitBurst
      StartLimitInterval StartLimitIntervalSec StopWhenUnneeded UpheldBy Upholds WantedBy Wants BindsTo BindTo PropagatesStopTo StopPropagatedFrom PropagateReloadTo PropagateReloadFrom RequiresOverridable
      RequisiteOverridable OnSuccessJobMode OnFailureJobMode OnFailureIsolate`,
    processes:
      'OnFailure OnSuccess FailureAction SuccessAction StartLimitAction JoinsNamespaceOf PropagatesReloadTo ReloadPropagatedFrom RebootArgument',
    beside: 'RequiresMountsFor WantsMountsFor',
  },
  { limits: /^(?:Condition|Assert|Job|FailureActionExit|SuccessActionExit)/ },
);

const STARTS_SERVER = new RegExp(`\\b(?:${Object.keys(SERVERS).join('|')})\\b`);

/** Units that the host or the new deployment has anyway. */
const USUAL =
  /^(?:network(?:-online|-pre)?\.target|nss-lookup\.target|(?:multi-user|basic|local-fs|remote-fs|time-sync|sysinit|syslog|timers|sockets|default|graphical)\.target|syslog\.(?:service|socket)|(?:postgresql|mysql|mariadb)(?:@?[\w-]*)?\.service|nginx\.service|apache2?\.service|httpd\.service)$/;

/** https://www.freedesktop.org/software/systemd/man/latest/systemd.timer.html */
const TIMES = /^On\w+Sec$|^OnCalendar$/;

function readUnit(project: ProjectFiles, file: string): Said {
  const { sections, others } = parseIni(project.read(file) ?? '', DIALECTS.systemd);
  const entries = sections.flatMap(({ name: section, entries: some }) =>
    some.map((entry) => ({ section, entry })),
  );
  const values = (section: string, name: string) => valuesOf(entries, section, name);
  const unit = fileName(file).replace(UNIT, '');
  const isTimer = fileName(file)
    .replace(/\.(?!timer)\w+$/, '')
    .endsWith('.timer');
  const timer = isTimer ? undefined : timerOf(project, unit);
  const starts = values('Service', 'ExecStart');
  const folder = folderOf(project, values('Service', 'WorkingDirectory').at(-1)?.value ?? '');
  const environment = environmentOf(
    values('Service', 'Environment')
      .map(({ value }) => value)
      .join(' '),
  );
  const ending = values('Service', 'TimeoutStopSec').at(-1) ?? values('Service', 'TimeoutSec').at(-1);
  const processes =
    timer === undefined
      ? starts.map(
          ({ value, line }): Process => ({
            name: unit.replace(/@$/, ''),
            // https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Command%20lines
            command: specified(value.replace(/^[-@:+!|]+/, ''), fileName(file)),
            ...{ folder, environment, at: { file, line }, kept: true },
            ...(ending && {
              ending: {
                seconds: secondsOf(ending.value),
                said: account(
                  ending.name,
                  `${ending.name}=${ending.value}`,
                  { file, line: ending.line },
                  'taken',
                ),
              },
            }),
          }),
        )
      : [];
  // What works beside the app says nothing of the app itself.
  const serves = processes.length > 0 && starts.some(({ value }) => STARTS_SERVER.test(value));
  const confined = entries.flatMap(({ section, entry }) => {
    const isLast = values(section, entry.name).at(-1) === entry;
    const said =
      serves && section === 'Service' && isLast ? confinementOf(entry.name, entry.value) : undefined;
    return said === undefined ? [] : [{ entry, ...said }];
  });
  const accounts = entries.flatMap(({ section, entry }): Account[] => {
    const at = { file, line: entry.line };
    // How a process ends is told together with what it is.
    if (entry === ending && processes.length > 0) return [];
    if (section === 'Service' && entry.name === 'Environment')
      return [variablesAccount(entry.name, '', environmentOf(entry.value).keys(), at)];
    if (confined.some((one) => one.entry === entry))
      return [account(entry.name, `${entry.name}=${entry.value}`, at, 'taken')];
    if (isTimer && section === 'Timer') return [timeAccount(project, unit, entry, at)];
    if (section === 'Service' && entry.name === 'ExecStart' && timer !== undefined)
      return [account(entry.name, `${timer} runs ${entry.value}`, at, 'schedule')];
    const isCleared = entry.value === '' && section === 'Service';
    const [text, fate] = isCleared ? [entry.name, 'decided' as const] : settingOf(section, entry);
    return [account(entry.name, text, at, fate)];
  });
  return {
    ...NOTHING,
    processes,
    answers: ['sandbox', 'limits'].flatMap((answer): Statement[] => {
      const said = confined.filter((one) => one.answer === answer);
      const [first] = said;
      if (first === undefined) return [];
      const value = Object.fromEntries(said.map((one) => [one.entry.name, one.value]));
      return [{ answer, value, at: { file, line: first.entry.line } }];
    }),
    accounts: [
      ...accounts,
      ...others.map(({ text, line }) => account('line', text, { file, line }, 'unknown')),
    ],
  };
}

/** All values of a setting that count: an empty one takes back those before it. */
function valuesOf(
  entries: readonly { section: string; entry: IniEntry }[],
  section: string,
  name: string,
): IniEntry[] {
  const all = entries.filter((one) => one.section === section && one.entry.name === name);
  const from = all.findLastIndex(({ entry }) => entry.value === '') + 1;
  return all.slice(from).map(({ entry }) => entry);
}

/** A setting as it is shown, and what becomes of it. */
function settingOf(section: string, { name, value }: IniEntry): [string, Fate] {
  const text = `${name}=${value}`;
  if (section.startsWith('X-') || name.startsWith('X-')) return [text, 'decided'];
  if (section === 'Service') {
    if (/^SetCredential/.test(name)) return [`${name}=${value.split(':')[0]}`, 'environment'];
    if (name === 'TimeoutStopSec') return [text, 'decided'];
    if (name === 'KillSignal' && /^(?:SIG)?TERM$/.test(value)) return [text, 'decided'];
    return [text, fateOf(SERVICE, name)];
  }
  if (section === 'Unit' || section === 'Install') {
    const isOrder = /^(?:After|Wants|Requires|BindsTo|Requisite)$/.test(name);
    const further = isOrder ? value.split(/\s+/).filter((one) => one !== '' && !USUAL.test(one)) : [];
    const services = further.filter((one) => /\.(?:service|mount)$/.test(one));
    if (services.length > 0) return [services.join(', '), 'beside'];
    return [text, fateOf(UNITS, name)];
  }
  if (section === 'Socket') return [text, 'decided'];
  if (section === 'Path') return [text, 'schedule'];
  return [`[${section}] ${text}`, 'unknown'];
}

/** A setting of a timer; what it starts is told where its service is, or here where the project has none. */
function timeAccount(
  project: ProjectFiles,
  unit: string,
  { name, value }: IniEntry,
  at: Account['at'],
): Account {
  if (name === 'Unit') return account(name, name, at, 'taken');
  const hasService = project.list().some((file) => fileName(file).startsWith(`${unit}.service`));
  const what = TIMES.test(name) && !hasService ? ` runs ${unit}.service` : '';
  return account(name, `${unit}.timer: ${name}=${value}${what}`, at, 'schedule');
}

/** The timer that starts a service, by its name or by what it says. */
function timerOf(project: ProjectFiles, unit: string): string | undefined {
  const names = project.list().filter((file) => /\.timer(?:\.\w+)?$/.test(file));
  const said = new RegExp(
    `^\\s*Unit\\s*=\\s*${unit.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')}\\.service\\s*$`,
    'm',
  );
  const timer = names.find(
    (file) => fileName(file).startsWith(`${unit}.timer`) || said.test(project.read(file) ?? ''),
  );
  return timer === undefined ? undefined : fileName(timer);
}

/**
 * `%%` is a per cent sign, and `%n` the unit's name; what only the host knows is left as a variable of the shell's, which
 * no command that is taken over can have. https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#Specifiers
 */
function specified(command: string, unit: string): string {
  const [name = ''] = unit.split('.service');
  const isTemplate = name.endsWith('@');
  return command.replaceAll(/%([%a-zA-Z])/g, (_, letter: string) => {
    if (letter === '%') return '%';
    if (/[nNp]/.test(letter) && !isTemplate) return letter === 'n' ? `${name}.service` : name;
    if (letter === 'p') return name.slice(0, -1);
    return (
      { h: '$HOME', u: '$USER', H: '$HOSTNAME', i: '$INSTANCE', I: '$INSTANCE' }[letter] ??
      `$SPECIFIER_${letter}`
    );
  });
}

/** https://www.freedesktop.org/software/systemd/man/latest/systemd.time.html#Parsing%20Time%20Spans */
function secondsOf(text: string): number {
  if (/^[\d.]+$/.test(text)) return Number(text);
  const parts = [...text.matchAll(/(\d+)\s*([a-z]+)/g)].map(
    ([, count, unit = '']) =>
      Number(count) *
      (/^h/.test(unit) ? 3600 : /^m(?:in|$)/.test(unit) ? 60 : /^s/.test(unit) ? 1 : Number.NaN),
  );
  return parts.length === 0 ? Number.NaN : parts.reduce((a, b) => a + b, 0);
}

/** Environment="A=b c" D=e */
function environmentOf(text: string): Map<string, string> {
  return new Map(
    systemdWords(text).flatMap((word) => {
      const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
      return name === undefined ? [] : [[name, value] as const];
    }),
  );
}
