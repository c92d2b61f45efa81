/**
 * What the project's earlier deployment says: Procfile, Dockerfile, compose file, the configuration of servers and of
 * process managers, files of platforms, scripts. All of it is evidence: the app that a server was started with, and
 * settings that somebody found by running the site.
 */

import {
  type Account,
  type Background,
  type Deployment,
  type EarlierFiles,
  NOTHING,
  type Part,
  type Said,
  type Start,
  type StartedApp,
} from '../../contract/earlier.ts';
import { fileName, isWithin, parentFolder, sourceFolders } from '../../evaluate/modules.ts';
import { ANSWERS_FILE } from '../../words/answers-file.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import { filesNamed, moduleIn } from '../entry-files.ts';
import { account, partsOf } from './accounts.ts';
import { apartIn, keyOf } from './apart.ts';
import { readCompose } from './compose.ts';
import { readCrontab } from './crontab.ts';
import { readDockerfile } from './dockerfile.ts';
import { isForDevelopment, likelihood } from './places.ts';
import { isPlatformFile, readPlatform } from './platform.ts';
import { readProcfile } from './procfile.ts';
import { SERVERS as PROGRAMS } from './servers.ts';
import { SCRIPT, tell } from './starts.ts';

/** A kind of file, the likeliest to run the live site first. */
interface Kind {
  is(name: string, text: () => string): boolean;
  read(project: ProjectFiles, file: string): Said;
}

const SCRIPTS =
  /^(?:(?:docker-)?entrypoint|gunicorn_start|run(?:_?server|_prod|-prod)?|start(?:_?server|-server|up)?|boot|serve|web)(?:\.(?:sh|bash))?$/;

/** How files are known that are of no unit; those that start the app more surely stand before those that may. */
const SURE: readonly Kind[] = [{ is: (name) => name === 'Procfile', read: readProcfile }];
const LIKELY: readonly Kind[] = [
  { is: isPlatformFile, read: readPlatform },
  {
    is: (name, text) =>
      /\.dockerfile$|^Dockerfile/i.test(name) && !name.endsWith('.dockerignore') && text().includes('FROM'),
    read: (project, file) => readDockerfile(project, file),
  },
  {
    // Compose files have any name, where a command line gives it.
    is: (name, text) =>
      /\.ya?ml$/.test(name) && /^services:\s*$/m.test(text()) && /^\s+(?:image|build):/m.test(text()),
    read: readCompose,
  },
  { is: (name) => /^crontab$|\.cron(?:tab)?$/.test(name), read: readCrontab },
  { is: (name, text) => SCRIPTS.test(name) && SERVERS.test(text()), read: readScript },
];

/** All kinds, the likeliest to run the live site first. */
function kindsOf(readers: readonly EarlierFiles[]): Kind[] {
  return [
    ...SURE,
    ...readers.filter(({ start }) => start),
    ...LIKELY,
    ...readers.filter(({ start }) => !start),
  ];
}

const SERVERS = /gunicorn|uvicorn|uwsgi|waitress|daphne|hypercorn|granian|flask run|fastapi run/;
/** Deeper than this, a file is some library's. */
const DEEPEST = 6;

function readScript(project: ProjectFiles, file: string): Said {
  const command = project.read(file) ?? '';
  const process = {
    name: SCRIPT,
    command,
    folder: parentFolder(file),
    environment: new Map(),
    at: { file, line: 1 },
  };
  return { ...NOTHING, processes: [process] };
}

/**
 * A part of a project, with what it has of an earlier deployment: read where somebody asks for it, and once.
 *
 * @param readers The files that units have; those that no unit has are known here.
 */
export function withEarlier(files: ProjectFiles, readers: readonly EarlierFiles[]): Part {
  let deployment: Deployment | undefined;
  return {
    name: files.name,
    list: () => files.list(),
    read: (path) => files.read(path),
    isDamaged: (path) => files.isDamaged?.(path) === true,
    earlier() {
      deployment ??= readDeployment(files, readers);
      return deployment;
    },
  };
}

function readDeployment(project: ProjectFiles, readers: readonly EarlierFiles[]): Deployment {
  const kinds = kindsOf(readers);
  // What this tool itself wrote says nothing that its answers file does not.
  const ours = filesNamed(project, ANSWERS_FILE).map(parentFolder);
  const files = project
    .list()
    .filter((file) => file.split('/').length <= DEEPEST && !ours.some((folder) => isWithin(file, folder)))
    .flatMap((file) => {
      const kind = kinds.findIndex((one) => one.is(fileName(file), () => project.read(file) ?? ''));
      return kind === -1 ? [] : [{ file, kind, development: isForDevelopment(file) }];
    })
    .sort(
      (a, b) =>
        Number(a.development) - Number(b.development) ||
        likelihood(b.file) - likelihood(a.file) ||
        a.kind - b.kind ||
        a.file.split('/').length - b.file.split('/').length,
    );
  const read = files.map((one) => ({ ...one, said: (kinds[one.kind] as Kind).read(project, one.file) }));
  const included = new Set(read.flatMap(({ said }) => said.included ?? []));
  const told = read
    .filter(({ file }) => !included.has(file))
    .map(({ file, said, development }) => ({ file, said, development, ...tell(project, said.processes) }));
  const starts = told.flatMap(({ starts: some, development }) =>
    some.map((start) => ({ ...start, development: start.development || development })),
  );
  const isRead = new Set(files.map(({ file }) => file));
  const named = starts.flatMap(({ program, configuration, development }) => {
    const reader = readers.find(({ unit }) => unit === PROGRAMS[program]?.unit);
    return configuration !== undefined &&
      !development &&
      !isRead.has(configuration) &&
      reader?.named?.(configuration) === true
      ? [[configuration, reader] as const]
      : [];
  });
  const further = [...new Map(named)].map(([file, reader]) => reader.read(project, file));
  const serious = told.filter(({ development }) => !development);
  const located = ranked(starts).flatMap((start) => locateStart(project, start));
  const apart = apartIn(
    serious.flatMap(({ said }) => said.passes ?? []),
    located.filter(({ start }) => !start.development),
  );
  const isApart = (app: StartedApp) =>
    apart.some((one) => one.isSure && keyOf(one.app) === keyOf(app) && !app.start.development);
  // What another part of the repository is started with says nothing of this one.
  const here = new Set(located.map(({ start }) => `${start.at.file}:${start.at.line}`));
  // A start with --reload says where the app is; how it is run for a developer is not an answer.
  const ofStarts = serious
    .flatMap((one) => one.starts)
    .filter(
      ({ development, app, at }) => !development && (app === undefined || here.has(`${at.file}:${at.line}`)),
    );
  const work = serious.flatMap(({ background: some }) => some);
  const background = distinct(work);
  return {
    starts,
    apps: located.filter((app) => !isApart(app)),
    apart,
    background,
    answers: [
      ...ofStarts.flatMap(({ answers }) => answers),
      ...serious.flatMap(({ answers }) => answers),
      ...[...further, ...serious.map(({ said }) => said)].flatMap(({ answers }) => answers),
    ],
    images: told.flatMap(({ said }) => said.images ?? []),
    python: serious.map(({ said }) => said.python).find((one) => one !== undefined),
    accounts: [
      ...[...further, ...serious.map(({ said }) => said)].flatMap(({ accounts }) => accounts),
      ...serious.flatMap(({ accounts }) => accounts),
      ...ofStarts.flatMap(({ accounts }) => accounts),
      ...serious.flatMap((one) => one.starts.filter((start) => !ofStarts.includes(start)).flatMap(elsewhere)),
      // Other work of a kind that the likeliest file has as well.
      ...work
        .filter(({ command }) => !background.some((one) => one.command === command))
        .map(({ command, at }) => account('command', `it starts ${command}`, at, 'processes')),
      ...told
        .filter(({ development, said }) => development && said.accounts.length + said.processes.length > 0)
        .map(({ file }) => account('file', DEVELOPERS, { file, line: 1 }, 'development')),
    ],
  };
}

/** What is said of a file for tests or for a developer: once for all of them. */
const DEVELOPERS = 'not read as the live site';

/** A server that is not the live site's: another app's, or a developer's. Its options are told with it. */
function elsewhere({ program, app, development, accounts, at }: Start): Account[] {
  if (program === 'python') return [];
  const text = app === undefined ? `it starts ${program}` : `it starts ${program} with ${app}`;
  const fate = development ? 'development' : 'processes';
  const said = account('command', text, at, fate);
  return [said, ...partsOf(said, accounts)];
}

/** Those of the live site first, in the order that they have. */
function ranked(starts: readonly Start[]): Start[] {
  return [...starts].sort((a, b) => Number(a.development) - Number(b.development));
}

/** The same work, told by several files, is one. */
function distinct(background: readonly Background[]): Background[] {
  const kindOf = ({ command }: Background) => /\b(beat|worker|scheduler)\b/.exec(command)?.[1] ?? command;
  const kinds = new Map<string, Background>();
  const [first] = background;
  for (const one of background) {
    const own = one.at.file === first?.at.file;
    const key = own ? one.command : kindOf(one);
    const same = [...kinds.values()].some((other) => kindOf(other) === kindOf(one));
    if (own || !same) kinds.set(key, one);
  }
  return [...kinds.values()];
}

/** The file of the project that a start names. */
function locateStart(project: ProjectFiles, start: Start): StartedApp[] {
  const files = project.list();
  const [module = '', name] = (start.app ?? '').replace('()', '').split(':');
  if (module === '' && start.script === undefined) return [];
  if (module === '') return [{ file: start.script as string, root: start.folder, name: undefined, start }];
  const path = module.replaceAll('.', '/');
  const found = moduleIn(project, new Set([...sourceFolders(start.folder), 'src']), path);
  if (found !== undefined) return [{ ...found, name, start }];
  // The start's folder is the host's, not the project's: the only module of that name is the one.
  const ends = files.filter((file) => file.endsWith(`/${path}.py`) || file.endsWith(`/${path}/__init__.py`));
  const [only] = ends;
  if (only === undefined || ends.length > 1) return [];
  return [{ file: only, root: only.slice(0, only.lastIndexOf(`/${path}`)), name, start }];
}
