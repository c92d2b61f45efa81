/** A Dockerfile: what its last stage starts, and where. https://docs.docker.com/reference/dockerfile/ */
import { DockerfileParser } from 'dockerfile-ast';
import type { Account, Process, Said } from '../../contract/earlier.ts';
import { joinFolder, parentFolder } from '../../evaluate/modules.ts';
import { simpleCommands } from '../../formats/shell/commands.ts';
import { normalisePath } from '../../words/paths.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import type { Evidence } from '../../words/value.ts';
import { hasFolder } from '../entry-files.ts';
import { account } from './accounts.ts';
import { folderOf } from './places.ts';

/** Programs of an image that a host has by itself, or that only a build needs. */
const COMMON = new Set([
  'apt-utils',
  'bash',
  'ca-certificates',
  'curl',
  'git',
  'gnupg',
  'nano',
  'tini',
  'vim',
  'wget',
]);

export interface ImageReading extends Said {
  /** What it would be started with, where it does not say so itself. */
  folder: string;
  environment: Map<string, string>;
  /** The project's file that lies at a path of the image; undefined where none does. */
  fileAt(path: string): string | undefined;
}

/** What a later stage can begin with. */
interface Stage {
  command: { words: string | string[]; at: Evidence } | undefined;
  entry: { words: string | string[]; at: Evidence } | undefined;
  python: Said['python'];
  copies: { from: string; to: string }[];
  workdir: string;
  environment: Map<string, string>;
}

/** @param context the folder that its COPY instructions begin at. */
export function readDockerfile(
  project: ProjectFiles,
  file: string,
  context = contextOf(project, file),
): ImageReading {
  const stage = { folder: context, workdir: '/', environment: new Map<string, string>() };
  const copies: { from: string; to: string }[] = [];
  const accounts: Account[] = [];
  let command: { words: string | string[]; at: Evidence } | undefined;
  let entry: { words: string | string[]; at: Evidence } | undefined;
  let python: Said['python'];
  const stages = new Map<string, Stage>();
  let current: string | undefined;
  for (const instruction of DockerfileParser.parse(project.read(file) ?? '').getInstructions()) {
    const at = { file, line: instruction.getRange().start.line + 1 };
    const text = instruction.getArgumentsContent() ?? '';
    const words = instruction.getArguments().map((argument) => argument.getValue());
    switch (instruction.getKeyword()) {
      case 'FROM': {
        const version = /(?:^|\/)python:(\d+\.\d+)/.exec(words[0] ?? '')?.[1];
        // A stage begins with what it names: an earlier one, or nothing of it.
        if (current !== undefined)
          stages.set(current, {
            command,
            entry,
            python,
            copies: [...copies],
            workdir: stage.workdir,
            environment: new Map(stage.environment),
          });
        const begun = stages.get(words[0]?.toLowerCase() ?? '');
        command = begun?.command;
        entry = begun?.entry;
        copies.splice(0, copies.length, ...(begun?.copies ?? []));
        stage.workdir = begun?.workdir ?? '/';
        stage.environment = new Map(begun?.environment);
        python = version === undefined ? begun?.python : { version, at };
        current = words[1]?.toLowerCase() === 'as' ? words[2]?.toLowerCase() : undefined;
        break;
      }
      case 'WORKDIR':
        stage.workdir = absolute(stage.workdir, words[0] ?? '/');
        break;
      case 'COPY':
      case 'ADD':
        if (!/--from=/.test(text))
          for (const from of words.slice(0, -1))
            copies.push({ from, to: absolute(stage.workdir, words.at(-1) ?? '') });
        break;
      case 'ENV':
        for (const [name, value] of variablesOf(text)) stage.environment.set(name, value);
        break;
      case 'RUN':
        accounts.push(...packagesOf(text, at));
        break;
      case 'CMD':
        command = { words: jsonWords(text) ?? text, at };
        break;
      case 'ENTRYPOINT':
        entry = { words: jsonWords(text) ?? text, at };
        break;
    }
  }
  const folder = inProject(project, context, copies, stage.workdir);
  const { environment } = stage;
  const process = (one: { words: string | string[]; at: Evidence }): Process => ({
    ...{ name: '', command: one.words, folder, environment, at: one.at },
  });
  const fileAt = (path: string) => copiedFile(project, context, copies, path);
  const said = { folder, environment, fileAt, answers: [], accounts, ...(python && { python }) };
  if (!entry) return { ...said, processes: command ? [process(command)] : [] };
  if (!command) return { ...said, processes: [process(entry)] };
  // https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact
  const both =
    Array.isArray(entry.words) && Array.isArray(command.words)
      ? [process({ words: [...entry.words, ...command.words], at: command.at })]
      : [];
  return { ...said, processes: [process(command), process(entry), ...both] };
}

/** Where COPY begins: at the Dockerfile's own folder, if that has what is copied; otherwise at the project's top. */
function contextOf(project: ProjectFiles, file: string): string {
  const folder = parentFolder(file);
  const own = project.list().some((one) => one.startsWith(`${folder}/`) && one.endsWith('.py'));
  return folder === '' || own ? folder : '';
}

function absolute(workdir: string, path: string): string {
  return normalisePath(path.startsWith('/') ? path : `${workdir}/${path}`);
}

/** The project's folder that lies at a path of the image. */
function inProject(
  project: ProjectFiles,
  context: string,
  copies: readonly { from: string; to: string }[],
  path: string,
): string {
  for (const { from, to } of copies) {
    const source = normalisePath(joinFolder(context, from.replace(/^\//, '')));
    const base = source === '.' ? '' : source;
    if (!hasFolder(project, base) || !(path === to || to === '/' || path.startsWith(`${to}/`))) continue;
    const below = path === to ? '' : path.slice(to === '/' ? 1 : to.length + 1);
    const folder = below === '' ? base : joinFolder(base, below);
    if (hasFolder(project, folder)) return folder;
  }
  return folderOf(project, path) || context;
}

function copiedFile(
  project: ProjectFiles,
  context: string,
  copies: readonly { from: string; to: string }[],
  path: string,
): string | undefined {
  const files = project.list();
  for (const { from, to } of copies) {
    const source = normalisePath(joinFolder(context, from.replace(/^\//, '')));
    const base = source === '.' ? '' : source;
    const file = path === to ? base : joinFolder(base, path.slice(to === '/' ? 1 : to.length + 1));
    if ((path === to || to === '/' || path.startsWith(`${to}/`)) && files.includes(file)) return file;
  }
  return undefined;
}

function jsonWords(text: string): string[] | undefined {
  if (!text.trim().startsWith('[')) return undefined;
  try {
    const words: unknown = JSON.parse(text.replaceAll(/\\\r?\n/g, ''));
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : undefined;
  } catch {
    // Docker then takes it for a shell's.
    return undefined;
  }
}

function variablesOf(text: string): [string, string][] {
  const old = /^(\w+)\s+([^=]*)$/.exec(text.trim());
  if (old) return [[old[1] ?? '', old[2] ?? '']];
  const [command] = simpleCommands(`${text.replaceAll(/\\\r?\n/g, ' ')} end`);
  return [...(command?.environment ?? [])];
}

function packagesOf(text: string, at: Evidence): Account[] {
  const installs = simpleCommands(text).filter(
    ({ words }) => /^apt(?:-get)?$/.test(words[0] ?? '') && words.includes('install'),
  );
  const packages = installs
    .flatMap(({ words }) => words.slice(words.indexOf('install') + 1))
    .filter((word) => /^[a-z0-9][a-z0-9+.-]+$/.test(word) && !COMMON.has(word));
  return packages.length === 0
    ? []
    : [account('RUN', `the image installs ${packages.join(', ')}`, at, 'beside')];
}
