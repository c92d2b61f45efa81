/** What a process of an earlier deployment is: a server with the app, work in the background, or neither. */

import type { Account, Background, Process, Start, Statement } from '../../contract/earlier.ts';
import { command as backgroundCommand } from '../../contract/values.ts';
import { fileName, joinFolder, parentFolder } from '../../evaluate/modules.ts';
import { type SimpleCommand, simpleCommands } from '../../formats/shell/commands.ts';
import { plainLine } from '../../formats/shell/plain.ts';
import { normalisePath } from '../../words/paths.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import { hasFolder } from '../entry-files.ts';
import { account, variablesAccount } from './accounts.ts';
import { listensAt } from './listens.ts';
import { folderOf } from './places.ts';
import { hasSecret } from './secrets.ts';
import { answersOf, fateOfOption, MODULE, optionsOf, SERVERS } from './servers.ts';

export interface Told {
  /** Scripts that were followed: each once. */
  followed: Set<string>;
  starts: Start[];
  background: Background[];
  /** Answers that follow from how work in the background is run. */
  answers: Statement[];
  accounts: Account[];
}

/** Programs that work beside the app, and which of their commands do. */
const WORKERS: Readonly<Record<string, RegExp>> = {
  celery: /\b(?:worker|beat)\b/,
  rq: /\bworker\b/,
  rqworker: /./,
  rqscheduler: /./,
  dramatiq: /./,
  huey_consumer: /./,
  'huey_consumer.py': /./,
  arq: /./,
  taskiq: /\b(?:worker|scheduler)\b/,
  procrastinate: /\bworker\b/,
};

/** Commands of Django's that go on for ever. */
const MANAGE =
  /^(?:celery|rqworker|rqscheduler|qcluster|run_huey|process_tasks|rundramatiq|runapscheduler|db_worker|procrastinate|runworker|start_worker)$/;

/** What is run by the processes of one file. */
export function tell(project: ProjectFiles, processes: readonly Process[]): Told {
  const told: Told = { followed: new Set(), starts: [], background: [], answers: [], accounts: [] };
  for (const process of processes) {
    const before = { all: accounted(told), starts: told.starts.length, background: told.background.length };
    const others = tellOne(project, process, told, 0);
    const isListed = process.kept === true || process.isOfRelease === true;
    const isKnown = accounted(told) > before.all || isWeb(process, told);
    // Nobody is to believe that it was taken over.
    if (isListed) told.accounts.push(...othersOf(process, others, isKnown));
    tellManner(process, told, before);
  }
  return told;
}

/** Commands that a process runs, and that are neither a server nor work in the background. */
function othersOf(process: Process, others: readonly string[], isKnown: boolean): Account[] {
  const { at } = process;
  if (isKnown || process.isOfRelease === true)
    return others
      .filter((command) => !OF_A_RELEASE.test(command))
      .map((command) => account('command', command, at, 'releases'));
  const command = [process.command].flat().join(' ');
  return OF_A_RELEASE.test(command) ? [] : [account('command', `it starts ${command}`, at, 'processes')];
}

/** How many of a process run and how they end: of a server its workers, of others an answer or nothing. */
function tellManner(
  { name, copies, ending }: Process,
  told: Told,
  before: { starts: number; background: number },
): void {
  const starts = told.starts.slice(before.starts);
  const isBackground = told.background.length > before.background;
  if (copies !== undefined) {
    const { count, said } = copies;
    const isNumber = Number.isInteger(count) && count >= 1 && count <= 1024;
    const counts = starts.filter(
      ({ answers }) => isNumber && !answers.some(({ answer }) => answer === 'workers'),
    );
    for (const { answers } of counts) answers.push({ answer: 'workers', value: count, at: said.at });
    const fate = counts.length > 0 ? 'taken' : count === 1 ? 'decided' : 'processes';
    told.accounts.push({ ...said, text: `how many of ${name} run: ${said.text}`, fate });
  }
  if (ending !== undefined) {
    const { seconds, said } = ending;
    const fits = Number.isInteger(seconds) && seconds >= 1 && seconds <= 86_400;
    if (isBackground && fits)
      told.answers.push({ answer: 'background-timeout', value: seconds, at: said.at });
    told.accounts.push({ ...said, fate: !isBackground ? 'decided' : fits ? 'taken' : 'answers' });
  }
}

/** What each release does anyway. */
const OF_A_RELEASE =
  /\bmanage\.py (?:migrate|collectstatic|compress)\b|\bflask db upgrade\b|\balembic (?:\S+ )*upgrade\b/;

/** The site itself, started by a script that has the app. */
const isWeb = ({ name }: Process, { starts }: Told) => name === 'web' && starts.length > 0;

/** How much is told so far; a script of Python's that may have a server is not counted. */
function accounted({ background, accounts, starts }: Told): number {
  return background.length + accounts.length + starts.filter(({ program }) => program !== 'python').length;
}

/** What prepares a command, and does nothing by itself. */
const PREPARING =
  /^(?:cd|export|source|\.|set|echo|printf|true|:|sleep|exit|wait|trap|test|\[\[?|type|which|command|done|fi|esac|umask)$/;
/** Words of the shell's before a command. */
const BEFORE = /^(?:if|then|else|elif|while|until|do|!|exec|time)$/;

/** The commands that are accounted for by nothing. */
function tellOne(project: ProjectFiles, process: Process, told: Told, depth: number): string[] {
  const commands: SimpleCommand[] =
    typeof process.command === 'string'
      ? simpleCommands(process.command, process.environment)
      : [{ words: [...process.command], environment: new Map(), line: 0 }];
  let { folder } = process;
  return commands.flatMap(({ words, environment, line }) => {
    const at =
      depth > 0 || process.name === SCRIPT ? { ...process.at, line: process.at.line + line } : process.at;
    // A script runs its commands one after the other; the one that it becomes goes on.
    const kept = process.kept === true && (words[0] === 'exec' || !told.followed.has(process.at.file));
    const variables = new Map([...process.environment, ...environment]);
    const one = { ...process, folder, at, kept, environment: variables };
    const first = words.findIndex((word) => !BEFORE.test(word));
    if (words[0] === 'cd') folder = placeOf(project, folder, words[1] ?? '');
    if (first === -1 || PREPARING.test(words[first] ?? '') || depth >= 4) return [];
    const before = { all: accounted(told), background: told.background.length };
    const inner = tellCommand(project, one, words, told, depth);
    if (told.background.length > before.background && environment.size > 0)
      told.accounts.push(
        account(
          'environment',
          `${[...environment.keys()].join(', ')} of ${words.join(' ')}`,
          at,
          'environment',
        ),
      );
    if (inner !== undefined) return inner;
    return accounted(told) > before.all ? [] : [words.join(' ')];
  });
}

/** The name of a process that is a script of its own. */
export const SCRIPT = 'a script';

/** Programs that are given the names of others, and do not start them. */
const NAMES_ALONE = new Set(
  `apk apt apt-get brew cat chmod chown command conda cp curl dnf docker echo git grep if kill killall ln mkdir npm pgrep pip
  pip3 pkill printf ps rm rsync sed service systemctl tail test touch type wget which yarn yum [ [[`.split(
    /\s+/,
  ),
);

function tellCommand(
  project: ProjectFiles,
  process: Process,
  words: readonly string[],
  told: Told,
  depth: number,
): string[] | undefined {
  if (NAMES_ALONE.has(fileName(words[0] ?? '')) || words.slice(0, 4).includes('pip')) return undefined;
  // What runs another program, such as env or "poetry run", stands before it.
  const inner = words.findIndex(
    (word, index) => /^-\w*c$/.test(word) && /^(?:ba|da|z)?sh$/.test(fileName(words[index - 1] ?? '')),
  );
  if (inner !== -1) return tellOne(project, { ...process, command: words[inner + 1] ?? '' }, told, depth + 1);
  const at = words.findIndex(
    (word) =>
      Object.hasOwn(SERVERS, fileName(word)) ||
      Object.hasOwn(WORKERS, fileName(word)) ||
      fileName(word) === 'manage.py',
  );
  const program = fileName(words[at] ?? '');
  const rest = words.slice(at + 1);
  if (at !== -1) {
    if (program === 'manage.py') tellManage(project, process, rest, told);
    else if (!Object.hasOwn(WORKERS, program)) tellServer(project, process, program, rest, told);
    else if (WORKERS[program]?.test(rest.join(' ')) === true)
      told.background.push(...backgroundOf(process, [program, ...rest], told));
    return undefined;
  }
  const script = scriptOf(project, process.folder, words);
  if (script === undefined || told.followed.has(script)) return undefined;
  if (script.endsWith('.py')) {
    told.starts.push(scripted(process, script));
    return process.name === 'web' ? [] : undefined;
  }
  told.followed.add(script);
  const command = project.read(script) ?? '';
  tellOne(project, { ...process, command, at: { file: script, line: 1 } }, told, depth + 1);
  return undefined;
}

/** The script of the project that a command runs: a shell's, or Python's. */
function scriptOf(project: ProjectFiles, folder: string, words: readonly string[]): string | undefined {
  for (const [index, word] of words.entries()) {
    const file = fileOf(project, folder, word);
    if (file === undefined) continue;
    const before = words[index - 1] ?? '';
    if (file.endsWith('.py'))
      return index === 0 || /python[\d.]*$|^-u$|^run$/.test(before) ? file : undefined;
    return /\.(?:sh|bash)$/.test(file) || /^#!.*sh\b/.test(project.read(file) ?? '') ? file : undefined;
  }
  return undefined;
}

function tellManage(project: ProjectFiles, process: Process, words: readonly string[], told: Told): void {
  const [name = ''] = words;
  // A command of the project's own is work where something keeps it running. https://docs.djangoproject.com/en/stable/howto/custom-management-commands/
  const isOwn = () => project.list().some((file) => file.endsWith(`/management/commands/${name}.py`));
  const isStep = OF_A_RELEASE.test(`manage.py ${name}`);
  if (MANAGE.test(name) || (process.kept === true && !isStep && isOwn()))
    told.background.push(...backgroundOf(process, ['python', 'manage.py', ...words], told));
}

/** https://docs.gunicorn.org/en/stable/run.html: a factory may be given literals. */
const CALL = /^[A-Za-z_][\w.]*:[A-Za-z_]\w*\(.+\)$/s;

function tellServer(
  project: ProjectFiles,
  process: Process,
  program: string,
  words: readonly string[],
  told: Told,
): void {
  const server = SERVERS[program];
  if (!server || (program === 'flask' && !words.includes('run'))) return;
  const options = optionsOf(server, words);
  const given = options.values.get(server.folder ?? '');
  const folder = given === undefined ? process.folder : placeOf(project, process.folder, given);
  const configuration =
    options.values.get(server.configuration ?? '') ?? options.words.find((word) => word.endsWith('.ini'));
  const app = server.app(options) ?? (program === 'flask' ? flaskApp(process) : undefined);
  const variables = (options.values.get(server.environment ?? '') ?? '').split('\n').flatMap((line) => {
    const [, name, value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value] as const];
  });
  const script =
    options.values.get(server.script ?? '') ??
    (program === 'fastapi' ? options.words.find((word) => word.endsWith('.py')) : undefined);
  const file = script === undefined ? undefined : fileOf(project, folder, script);
  const named = app ?? (file === undefined ? undefined : importedBy(project, file));
  const { at } = process;
  const placeOfOption = (option: string) => process.places?.get(option) ?? at;
  const answers = [...options.values].flatMap(([option, text]) =>
    (answersOf(program, option, text) ?? []).map((one) => ({ ...one, at: placeOfOption(option) })),
  );
  told.starts.push({
    ...{ program, app: named !== undefined && MODULE.test(named) ? named : undefined, folder, at },
    call: options.words.find((word) => CALL.test(word)),
    script: file?.endsWith('.py') === true ? file : undefined,
    interface: server.interface?.(options),
    configuration:
      configuration === undefined
        ? undefined
        : fileOf(project, process.folder, configuration.replace(/^file:/, '')),
    environment: new Map([...process.environment, ...variables]),
    answers: [
      ...(server.unit === undefined ? [] : [{ answer: 'app-server', value: server.unit, at }]),
      ...answers,
    ],
    accounts: [...options.values].map(([option, text]) =>
      optionAccount(program, option, text, placeOfOption(option)),
    ),
    development:
      server.development === true ||
      words.includes('--reload') ||
      (program === 'fastapi' && words[0] === 'dev'),
    process: process.name,
    listens: process.listens ?? listensAt(program, options),
  });
}

/** What becomes of an option. */
function optionAccount(program: string, option: string, text: string, at: Account['at']): Account {
  if (answersOf(program, option, text) !== undefined) return account(option, option, at, 'taken');
  const fate = fateOfOption(program, option);
  if (fate === 'environment' && option !== 'env-file') {
    const names = text.split('\n').map((one) => one.split('=')[0] ?? '');
    return variablesAccount(option, `${program} --${option} `, names, at);
  }
  return account(option, `${program} --${option} ${text}`, at, fate);
}

/** What a script that is no module, "app.wsgi", takes its app from. https://flask.palletsprojects.com/en/stable/deploying/mod_wsgi/ */
function importedBy(project: ProjectFiles, file: string): string | undefined {
  if (file.endsWith('.py')) return undefined;
  const line = /^from[ \t]+([\w.]+)[ \t]+import[ \t]+(?:(\w+)[ \t]+as[ \t]+)?application\b/m.exec(
    project.read(file) ?? '',
  );
  return line === null ? undefined : `${line[1]}:${line[2] ?? 'application'}`;
}

function flaskApp({ environment }: Process): string | undefined {
  return environment.get('FLASK_APP')?.replace(/\.py$/, '').replaceAll('/', '.');
}

/** `python app.py`: the app may be in it. */
function scripted(process: Process, script: string): Start {
  return {
    ...{
      program: 'python',
      app: undefined,
      call: undefined,
      script,
      folder: parentFolder(script),
      interface: undefined,
    },
    ...{ configuration: undefined, environment: process.environment, answers: [], accounts: [] },
    ...{ development: true, at: process.at, process: process.name, listens: undefined },
  };
}

/** A folder as a command line names it, seen from another. */
function placeOf(project: ProjectFiles, folder: string, path: string): string {
  if (path.startsWith('/')) return folderOf(project, path);
  const joined = normalisePath(joinFolder(folder, path));
  const inside = joined === '.' ? '' : joined;
  return hasFolder(project, inside) ? inside : folder;
}

/** A file of the project that a word of a command line names, by its path or by the end of it. */
function fileOf(project: ProjectFiles, folder: string, word: string): string | undefined {
  if (!/\.\w+$|\//.test(word) && !project.list().includes(joinFolder(folder, word))) return undefined;
  const parts = word.split('/').filter((part) => part !== '' && part !== '.');
  const ends = parts.map((_, index) => parts.slice(index).join('/'));
  const files = project.list();
  return ends.flatMap((end) => [joinFolder(folder, end), end]).find((path) => files.includes(path));
}

/** As the answer "background" has it; what no unit could start is told. */
function backgroundOf({ name, at }: Process, words: readonly string[], told: Told): Background[] {
  const command = plainLine(words);
  if (
    command === undefined ||
    // A unit is for everybody to read.
    hasSecret(command) ||
    !backgroundCommand.safeParse(command).success ||
    /\$/.test(command)
  ) {
    told.accounts.push(account('command', `it starts ${words.join(' ')}`, at, 'processes'));
    return [];
  }
  return [{ name: nameOf(name, words), command, at }];
}

function nameOf(name: string, words: readonly string[]): string {
  const own = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 28)
    .replace(/-+$/, '');
  const kind = words.includes('beat') || words.some((word) => /schedul/.test(word)) ? 'beat' : 'worker';
  if (own !== '' && name !== SCRIPT) return own;
  const command = words[words.indexOf('manage.py') + 1] ?? '';
  const isOwn =
    words.includes('manage.py') && !MANAGE.test(command) && /^[a-z][a-z0-9_]{0,27}$/.test(command);
  return isOwn ? command.replaceAll('_', '-').replace(/-+$/, '') : kind;
}
