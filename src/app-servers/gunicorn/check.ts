/**
 * Has gunicorn judge its configuration file, and judges the names in it, which gunicorn does not: it ignores what it
 * does not know. https://docs.gunicorn.org/en/stable/settings.html#check-config
 */
import { distance } from 'fastest-levenshtein';
import { firstLine } from '../../check/run.ts';
import type { PlanOfService } from '../../contract/plan.ts';
import {
  fileNamed,
  type Reading,
  type ToolResult,
  type TreeFile,
  type Validator,
} from '../../contract/validator.ts';
import { atLeast } from '../../contract/values.ts';
import { type DefinedName, definedNames } from '../../formats/gunicorn/names.ts';
import {
  GUNICORN_SETTINGS,
  GUNICORN_WORKERS,
  NEWEST_KNOWN,
  type SettingHistory,
} from '../../formats/gunicorn/settings.ts';
import type { Finding } from '../../words/finding.ts';

const TOOL = 'gunicorn';
const STUB = 'deploy_scaffold_stub';

/** Settings whose values gunicorn looks up on the machine: who and what the host has is not here. */
const OF_THE_HOST = new Set(['chdir', 'group', 'user']);

/**
 * `gunicorn --check-config` with an app that does nothing in the place of the user's: an app named on the command line
 * wins over `wsgi_app` of the file, so that nothing of the project is imported. The file itself is run, and so only as it
 * was generated; one that was edited is read.
 */
export const gunicornAccepts: Validator<PlanOfService> = {
  tool: TOOL,
  checks: 'whether gunicorn accepts the values in its file',
  package: 'gunicorn',
  oftenIn: ['.venv/bin', 'venv/bin'],
  version: {
    arguments: ['--version'],
    pattern: /gunicorn \(version (\d+(?:\.\d+)*)/,
    wanted: (plan) => String(plan.appServer.version),
    older: 'run',
  },

  risk({ path }) {
    return path.endsWith('/gunicorn.conf.py') ? { because: 'gunicorn would run it' } : undefined;
  },

  judge(context) {
    const file = fileNamed(context, 'gunicorn.conf.py');
    return file ? judgeNames(file, String(context.plan.appServer.version)) : [];
  },

  prepare(context) {
    const file = fileNamed(context, 'gunicorn.conf.py');
    if (!file) return undefined;
    const path = file.path.slice(1);
    return {
      files: [
        { path, text: file.text, shown: file.shown },
        { path: `${STUB}.py`, text: 'def application(*_):\n    raise NotImplementedError\n' },
      ],
      command: [context.tool, '--check-config', '--config', path, `${STUB}:application`],
      environment: { GUNICORN_CMD_ARGS: '', PYTHONDONTWRITEBYTECODE: '1', PYTHONWARNINGS: 'ignore' },
    };
  },

  read: readGunicorn,
};

/** Does this release have it? */
function has({ since, gone }: SettingHistory, version: string): boolean {
  return (since === undefined || atLeast(version, since)) && (gone === undefined || !atLeast(version, gone));
}

/**
 * Names at the top level of a configuration file that this gunicorn release would silently ignore, and worker classes
 * that it does not have. Names that begin with an underscore, that are imported, or that the file itself reads are
 * nobody's mistake.
 */
export function judgeNames({ text, shown }: Pick<TreeFile, 'text' | 'shown'>, version: string): Finding[] {
  const names = definedNames(shown, text);
  const judged = names.flatMap((name) => judgeName(name, version) ?? judgeWorkerClass(name, version) ?? []);
  return judged.map(({ line, ...finding }) => ({
    code: 'gunicorn-complains',
    tool: TOOL,
    file: shown,
    line,
    ...finding,
  }));
}

type Verdict = Pick<Finding, 'level' | 'message' | 'remedy'> & { line: number };

function judgeName(found: DefinedName, version: string): Verdict | undefined {
  const { name, line } = found;
  const history = GUNICORN_SETTINGS.get(name);
  if (history) {
    const message = absence(`the setting '${name}'`, history, version);
    const remedy = `gunicorn ${version} ignores it silently: leave it out, or install a gunicorn that has it.`;
    return message === undefined ? undefined : { level: 'error', line, message, remedy };
  }
  if (found.used || name.startsWith('_')) return undefined;
  const near = nearest(name.toLowerCase(), GUNICORN_SETTINGS, version);
  if (near === undefined && (found.kind === 'function' || /^[^a-z]/.test(name))) return undefined;
  return { ...unknownSetting(name, near, version), line };
}

function unknownSetting(name: string, near: string | undefined, version: string): Omit<Verdict, 'line'> {
  const hint = near === undefined ? '' : `; did you mean '${near}'?`;
  const message = `unknown setting '${name}'${hint}`;
  if (isBeyondKnown(version)) {
    const remedy = `The settings are known here up to gunicorn ${NEWEST_KNOWN}; see whether ${version} has this one.`;
    return { level: 'unchecked', message, remedy };
  }
  const own = 'A name of your own may begin with an underscore.';
  return { level: 'error', message, remedy: `gunicorn ignores it silently: correct the name. ${own}` };
}

function isBeyondKnown(version: string): boolean {
  return !atLeast(NEWEST_KNOWN, version);
}

/** Which worker class a name stands for is seen only when gunicorn starts, not by --check-config. */
function judgeWorkerClass({ name, line, text }: DefinedName, version: string): Verdict | undefined {
  if (name !== 'worker_class' || text === undefined || /[.:#]/.test(text)) return undefined;
  const history = GUNICORN_WORKERS.get(text);
  const remedy =
    'gunicorn does not start with it: https://docs.gunicorn.org/en/stable/settings.html#worker-class';
  if (history) {
    const message = absence(`the worker class '${text}'`, history, version);
    return message === undefined ? undefined : { level: 'error', line, message, remedy };
  }
  const near = nearest(text, GUNICORN_WORKERS, version);
  const message = `unknown worker class '${text}'${near === undefined ? '' : `; did you mean '${near}'?`}`;
  return { level: isBeyondKnown(version) ? 'unchecked' : 'error', line, message, remedy };
}

/** Why a release does not have it; undefined where it has. */
function absence(what: string, history: SettingHistory, version: string): string | undefined {
  if (has(history, version)) return undefined;
  const early = history.since !== undefined && !atLeast(version, history.since);
  const when = early ? `exists from gunicorn ${history.since} on` : `is gone since gunicorn ${history.gone}`;
  return `${what} ${when}, and the host will have ${version}`;
}

/** The name most like this one that the release has, if it is like it at all. */
function nearest(
  name: string,
  known: ReadonlyMap<string, SettingHistory>,
  version: string,
): string | undefined {
  const most = name.length < 6 ? 1 : 2;
  return [...known]
    .filter(([, history]) => has(history, version))
    .map(([other]) => ({ other, steps: distance(name, other) }))
    .filter(({ steps }) => steps <= most)
    .sort((a, b) => a.steps - b.steps || (a.other < b.other ? -1 : 1))[0]?.other;
}

/** gunicorn's words as findings. It stops at the first fault. */
export function readGunicorn(result: ToolResult, context: Reading<PlanOfService>): Finding[] {
  const file = fileNamed(context, 'gunicorn.conf.py') as TreeFile;
  const names = definedNames(file.shown, file.text);
  return [...faults(result, context, file, names), ...newerThanHere(context, file, names)];
}

function faults(
  result: ToolResult,
  context: Reading<PlanOfService>,
  file: TreeFile,
  names: readonly DefinedName[],
): Finding[] {
  const said = `${result.stdout}\n${result.stderr}`.trim();
  if (result.exitCode === 0 && said === '') return [];
  const value = badValue(said, file, names);
  if (value) return [value];
  const traceback = exception(said, context);
  if (traceback) return [traceback];
  const line = context.clean(firstLine(result));
  if (result.exitCode === 0) {
    return [
      {
        code: 'gunicorn-complains',
        tool: TOOL,
        level: 'warning',
        file: file.shown,
        message: line,
        remedy: 'gunicorn starts nevertheless; see its documentation.',
      },
    ];
  }
  return [
    {
      code: 'tool-failed',
      tool: TOOL,
      level: 'unchecked',
      file: file.shown,
      message: `gunicorn --check-config fails: ${line}`,
      remedy: 'Run it by hand.',
    },
  ];
}

/** "Invalid value for threads: x", and after it "Error: …" with the reason. */
function badValue(said: string, file: TreeFile, names: readonly DefinedName[]): Finding | undefined {
  const match = /^Invalid value for (\w+): (.*)$/m.exec(said);
  if (!match) return undefined;
  const [, name = '', value = ''] = match;
  const line = names.findLast((candidate) => candidate.name === name)?.line;
  const reason = /^Error: (.*)$/m.exec(said)?.[1] ?? said.split('\n').at(-1);
  const host = OF_THE_HOST.has(name);
  return {
    code: 'gunicorn-complains',
    tool: TOOL,
    level: host ? 'unchecked' : 'error',
    file: file.shown,
    ...(line !== undefined && { line }),
    message: `invalid value for ${name}: ${value} (${reason})`,
    remedy: host
      ? `gunicorn looks for it on this machine and stops; see that the host has it. The process manager sets it better.`
      : `gunicorn does not start with it: https://docs.gunicorn.org/en/stable/settings.html#${name.replaceAll('_', '-')}`,
  };
}

/** A Python traceback: the line of the configuration file where it came from, and the last line, which says what. */
function exception(said: string, context: Reading<PlanOfService>): Finding | undefined {
  const places = [...said.matchAll(/^\s*File "(.+?)", line (\d+)/gm)].flatMap(([, path = '', line]) => {
    const file = context.locate(path);
    return file === undefined ? [] : [{ file, line: Number(line) }];
  });
  const message = said
    .split('\n')
    .findLast((line) => /^[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit)\b/.test(line));
  if (!/^Traceback /m.test(said) || message === undefined) return undefined;
  const place = places.at(-1);
  const elsewhere =
    place === undefined || /^(?:ModuleNotFound|ImportError|FileNotFound|PermissionError)/.test(message);
  return {
    code: 'gunicorn-complains',
    tool: TOOL,
    level: elsewhere ? 'unchecked' : 'error',
    ...place,
    message: context.clean(message),
    remedy: elsewhere
      ? 'This machine lacks what the file needs, or gunicorn itself does not work here; see that the host has it.'
      : 'The file is Python, and this line fails: gunicorn does not start.',
  };
}

/** An older gunicorn ignores settings that the host's has: their values were not looked at. */
function newerThanHere(
  { versions, plan }: Reading<PlanOfService>,
  file: TreeFile,
  names: readonly DefinedName[],
): Finding[] {
  if (versions === undefined) return [];
  const { here } = versions;
  const wanted = String(plan.appServer.version);
  const skipped = names
    .map(({ name }) => ({ name, history: GUNICORN_SETTINGS.get(name) }))
    .filter(({ history }) => history && has(history, wanted) && !has(history, here))
    .map(({ name }) => name);
  if (skipped.length === 0) return [];
  return [
    {
      code: 'tool-too-old',
      tool: TOOL,
      level: 'unchecked',
      file: file.shown,
      message: `gunicorn ${here} is here and does not know ${[...new Set(skipped)].join(', ')}: the values were not checked`,
      remedy: `Check with gunicorn ${wanted}, for instance in the project's .venv.`,
    },
  ];
}
