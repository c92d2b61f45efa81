/** What a person is shown of a bug of ours: all that a report of it needs, and nothing of where their own things are. */
import { arch, homedir, release, type } from 'node:os';
import { dirname, resolve } from 'node:path';
import * as manifest from '../../package.json';
import { canonical, repositoryOf } from './programs.ts';
import { isFolder } from './project.ts';

/** EX_SOFTWARE of sysexits.h: none of the statuses that say something about the project. */
export const BUG = 70;

interface Manifest {
  version?: string;
  bugs?: string | { url?: string; email?: string };
}

/** A report that can be sent as it is: what happened, with which version and where, and where to send it. */
export function bugReport(error: unknown): string {
  const stack = error instanceof Error && error.stack !== undefined ? error.stack : String(error);
  return [
    'deploy-scaffold: this is a bug in deploy-scaffold, please report it.',
    `deploy-scaffold ${manifest.version}, Node.js ${process.version}, ${type()} ${release()} ${arch()}`,
    withoutPlaces(stack),
    `Send these lines ${whereTo(manifest)}.`,
  ].join('\n');
}

/** "to URL", of package.json's `bugs`: https://docs.npmjs.com/cli/configuring-npm/package-json#bugs */
export function whereTo({ bugs }: Manifest): string {
  const address = typeof bugs === 'object' ? (bugs.url ?? bugs.email) : bugs;
  return address === undefined ? 'to where SECURITY.md, which is part of the package, says' : `to ${address}`;
}

/** The text with names in the place of the person's own folders: their home, their projects, and where this is installed. */
export function withoutPlaces(text: string): string {
  const places: [string, string][] = [
    [installed(), 'deploy-scaffold'],
    ...projects().map((folder): [string, string] => [folder, '<project>']),
    [homedir(), '~'],
  ];
  return places
    .flatMap(([folder, name]) => [folder, canonical(folder)].map((each) => [each, name] as const))
    .filter(([folder]) => dirname(folder) !== folder)
    .toSorted(([one], [other]) => other.length - one.length)
    .reduce((rest, [folder, name]) => rest.replaceAll(folder, name), text);
}

/** The folder of the package: this is in its dist/. */
function installed(): string {
  return dirname(__dirname);
}

/** Any word of the command line may name one, and the one without a word is this. */
function projects(): string[] {
  return ['.', ...process.argv.slice(2).flatMap((word) => word.split('='))]
    .map((word) => resolve(word))
    .flatMap((path) => (isFolder(path) ? [path, repositoryOf(path)] : []));
}
