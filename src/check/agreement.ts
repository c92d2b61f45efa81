/**
 * Do the files on disk still belong together? They were rendered from one plan; an edit by hand can change in one file
 * what another still relies on. No tool sees that: each of them knows its own files only.
 */
import type { Plan } from '../contract/plan.ts';
import type { TreeFile } from '../contract/validator.ts';
import type { Finding } from '../words/finding.ts';

/** A file as the plan gives it. */
export interface RenderedFile {
  path: string;
  shown: string;
  text: string;
  /** One for each line of the text; `uses` are plan paths such as "upstream.socket". */
  lines: readonly { readonly template: string; readonly uses: readonly string[] }[];
}

const TOOL = 'files';

/** Parts of the plan that units share. Others, such as the app's name, are in every second word. */
const SHARED =
  /^(?:services\.\d+\.(?:upstream|timeouts|body)|webServer\.ways|limit|headers|users|paths|tls|static|media|protected|writable)\b/;

/**
 * Compares the files of the plan with those on disk: a file that is missing is an error, one too many a warning, and
 * so is a value that an edited file no longer has while a file of another unit still relies on it.
 */
export function agreement({ plan, rendered, files }: Compared): Finding[] {
  return [
    ...missingFiles(rendered, files),
    ...extraFiles(rendered, files),
    ...lostValues(plan, rendered, files),
  ];
}

export interface Compared {
  plan: Plan;
  rendered: readonly RenderedFile[];
  files: readonly TreeFile[];
}

function missingFiles(rendered: readonly RenderedFile[], files: readonly TreeFile[]): Finding[] {
  const there = new Set(files.map((file) => file.shown));
  return rendered
    .filter((file) => !there.has(file.shown))
    .map((file) => ({
      code: 'file-missing',
      tool: TOOL,
      level: 'error',
      file: file.shown,
      message: 'the file is missing',
      remedy: 'Run "deploy-scaffold init" again: it writes what is missing.',
    }));
}

function extraFiles(rendered: readonly RenderedFile[], files: readonly TreeFile[]): Finding[] {
  const planned = new Set(rendered.map((file) => file.shown));
  return files
    .filter((file) => !planned.has(file.shown))
    .map((file) => ({
      code: 'file-unknown',
      tool: TOOL,
      level: 'warning',
      file: file.shown,
      message: 'the file is not part of the plan: the installer leaves it out',
      remedy: 'Remove it, or put it on the host by other means.',
    }));
}

/** A rendered file beside the one on disk. */
interface Pair {
  unit: string;
  shown: string;
  before: string[];
  now: string[];
  edited: boolean;
  lines: RenderedFile['lines'];
}

/** A value, and the files that were rendered with it. */
interface Shared {
  /** Plan paths that have the value. */
  names: string[];
  value: string;
  users: Pair[];
}

function lostValues(plan: Plan, rendered: readonly RenderedFile[], files: readonly TreeFile[]): Finding[] {
  const pairs = rendered.flatMap((file) => pairOf(file, files));
  if (!pairs.some((pair) => pair.edited)) return [];
  return sharedValues(plan, pairs).flatMap(({ names, value, users }) =>
    users
      .filter((pair) => pair.edited && !hasValue(pair.now, value))
      .flatMap((pair) => {
        const other = users.find(
          (candidate) => candidate.unit !== pair.unit && hasValue(candidate.now, value),
        );
        return other ? [disagreement(pair, other, names, value)] : [];
      }),
  );
}

function disagreement(pair: Pair, other: Pair, names: readonly string[], value: string): Finding {
  return {
    code: 'value-disagrees',
    tool: TOOL,
    level: 'warning',
    file: pair.shown,
    message: `${value} (${names.join(', ')}) is no longer in this file, and ${other.shown} relies on it: the two must agree`,
    remedy: `Change it in both files, or better: change the answer that it follows from, and run "deploy-scaffold init" again.`,
  };
}

function pairOf({ shown, text, lines }: RenderedFile, files: readonly TreeFile[]): Pair[] {
  const disk = files.find((file) => file.shown === shown);
  if (!disk) return [];
  const template = lines[0]?.template ?? shown;
  const unit = template.split('/').slice(0, -1).join('/');
  return [
    { unit, shown, before: text.split('\n'), now: disk.text.split('\n'), edited: disk.text !== text, lines },
  ];
}

/** Values that files of at least two units were rendered with. Paths on the host are one value under any name. */
function sharedValues(plan: Plan, pairs: readonly Pair[]): Shared[] {
  const shared = new Map<string, Shared>();
  for (const pair of pairs) {
    for (const [name, value] of valuesOf(plan, pair)) {
      const key = value.startsWith('/') ? value : `${name}=${value}`;
      const entry = shared.get(key) ?? { names: [], value, users: [] };
      if (!entry.names.includes(name)) entry.names.push(name);
      if (!entry.users.includes(pair)) entry.users.push(pair);
      shared.set(key, entry);
    }
  }
  return [...shared.values()].filter(({ users }) => new Set(users.map((pair) => pair.unit)).size > 1);
}

/** The shared values on the lines of a file, as they stand there; comments count for nothing. */
function valuesOf(plan: Plan, { before, lines, unit }: Pair): [string, string][] {
  return lines.flatMap(({ uses }, index) => {
    const line = before[index] ?? '';
    return uses.flatMap((name): [string, string][] => {
      const value = SHARED.test(name) ? valueAt(plan, name) : undefined;
      if (value === undefined || (typeof value === 'number' && /^(?:host|deliveries)\b/.test(unit)))
        return [];
      return hasValue([line], String(value)) ? [[name, String(value)]] : [];
    });
  });
}

function valueAt(plan: Plan, name: string): string | number | undefined {
  let value: unknown = plan;
  for (const part of name.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[part];
  return (typeof value === 'string' && value.length > 1) || typeof value === 'number' ? value : undefined;
}

/** Is the value on one of the lines, as a whole word? A longer path that begins with it will do. */
function hasValue(lines: readonly string[], value: string): boolean {
  const word = new RegExp(`(?<![\\w.-])${value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-]|\\.\\w)`);
  const number = new RegExp(`(?<![\\w.-])${value}(?![\\d.])`);
  const pattern = /^\d+$/.test(value) ? number : word;
  return lines.some((line) => !/^\s*[#;]/.test(line) && pattern.test(line));
}
