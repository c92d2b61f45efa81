import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';
import { compileTemplate } from '../../src/render/compile.ts';
import { renderTemplate } from '../../src/render/render.ts';

/** Values that break what is not quoted; none holds a line end or a `$`. */
export const nasty = [
  '',
  ' ',
  '  two  spaces  ',
  "it's",
  "'''",
  'say "hi"',
  '"',
  'back\\slash',
  'ends with \\',
  '\\"',
  'a;b',
  '{a}',
  '}',
  '# no comment',
  '100%',
  '%n %h %%',
  '`id`',
  '*?[a-z]',
  '~root',
  '-rf',
  'if',
  '!x',
  '<a> & <b>',
  'a|b>c',
  'ümlaut ☃ 漢字 🚀',
  '\\n\\t\\x41',
  'x'.repeat(5000),
];
// biome-ignore lint/suspicious/noTemplateCurlyInString: for shells
export const dollars = ['$HOME', 'a$(id)b', '${PATH}', 'cost: 5$', '$$', '$1'];

/** Compiles and renders in one go. */
export function render(path: string, source: string, data: unknown): string {
  return renderTemplate(compileTemplate(path, source), data).text;
}

export function problemsOf(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    return String((error as Error).message).split('\n');
  }
  return [];
}

function has(tool: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$0"', tool], { env: toolEnv }).status === 0;
}

/** Daemons live in /usr/sbin, which is not on every path. */
export const toolEnv = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin:/lib/systemd` };

/** A test that runs a real program. A missing one is a skip here, and a failure in CI. */
export function testWith(tool: string, name: string, body: () => void | Promise<void>): void {
  if (!has(tool) && process.env.CI !== 'true') test.skip(`${name} (${tool} is not installed)`, () => {});
  else test(name, body, 60_000);
}

export function run(tool: string, args: string[], input?: string): string {
  return execFileSync(tool, args, { encoding: 'utf8', env: toolEnv, ...(input !== undefined && { input }) });
}

export async function inFolder<T>(body: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'render-'));
  try {
    return await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
