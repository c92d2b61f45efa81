/** What a person sees at the end of a command. */

import type { Change, ChangeKind } from '../kit/changes.ts';
import type { Terminal } from '../system/terminal.ts';
import type { Advice } from '../words/advice.ts';
import type { Diagnostic } from '../words/diagnostic.ts';
import { visibleInLine } from '../words/text.ts';

const WORDS: Record<
  ChangeKind,
  { done: string; planned: string; style: 'green' | 'yellow' | 'dim' | 'red' }
> = {
  new: { done: 'written', planned: 'new', style: 'green' },
  updated: { done: 'updated', planned: 'changes', style: 'yellow' },
  same: { done: 'same', planned: 'same', style: 'dim' },
  edited: { done: 'kept', planned: 'edited', style: 'red' },
  gone: { done: 'removed', planned: 'goes', style: 'yellow' },
};

/** One line a file. */
export function showChanges(
  terminal: Terminal,
  changes: readonly Change[],
  out: string,
  dryRun: boolean,
): void {
  terminal.say(dryRun ? `Would write to ${out}:` : `Written to ${out}:`);
  for (const { path, kind } of changes) {
    const { done, planned, style } = WORDS[kind];
    terminal.say(`  ${terminal.style(style, (dryRun ? planned : done).padEnd(8))} ${visibleInLine(path)}`);
  }
}

const STATES: Record<Advice['state'], string> = {
  set: 'set',
  unset: 'not set',
  different: 'differs',
  environment: 'check',
  unknown: 'unknown',
};

/** What the app itself must set, and whether it does. */
export function showAdvice(terminal: Terminal, advice: readonly Advice[], framework: string): void {
  if (advice.length === 0) return;
  terminal.say();
  terminal.say(`${framework} settings that have to agree with this deployment:`);
  for (const { setting, state, level, found, from, write, why, docs, accepted } of advice) {
    const [first] = from;
    const place = first === undefined ? '' : ` (${first.file}:${first.line})`;
    if (accepted !== undefined) {
      terminal.say(`  ${terminal.style('yellow', 'accepted')} ${setting}: ${found}${place}`);
      terminal.say(`           ${acceptance(accepted)}`);
      continue;
    }
    const isError = level === 'error' && (state === 'unset' || state === 'different');
    const style = state === 'set' ? 'green' : state === 'environment' ? 'yellow' : 'red';
    const word = isError ? 'error' : STATES[state];
    terminal.say(`  ${terminal.style(style, word.padEnd(8))} ${setting}: ${found}${place}`);
    if (state === 'set') continue;
    terminal.say(`           wanted: ${write}`);
    terminal.say(`           ${why} ${terminal.style('dim', docs)}`);
  }
}

const LEVELS = { error: 'red', warning: 'yellow', unchecked: 'cyan' } as const;

/** The findings, each with what to do. */
export function showFindings(terminal: Terminal, findings: readonly Diagnostic[]): void {
  if (findings.length === 0) return;
  terminal.say();
  terminal.say('Findings:');
  for (const finding of findings) {
    const { level, remedy, accepted } = finding;
    const word = accepted === undefined ? level : 'accepted';
    const style = accepted === undefined ? LEVELS[level] : 'yellow';
    terminal.say(`  ${terminal.style(style, word)} ${described(finding)}`);
    terminal.say(`      ${accepted === undefined ? remedy : acceptance(accepted)}`);
  }
}

/** In place of what to do, where a person lets it pass. */
const acceptance = (reason: string) => `accepted in the answers: ${visibleInLine(reason)}`;

/** One line: where, what, who says it, and the code by which it is looked up and accepted. */
export function described({ code, file, line, message, tool }: Diagnostic): string {
  const place = file === undefined ? '' : `${visibleInLine(file)}${line === undefined ? '' : `:${line}`}: `;
  return `${place}${message}${tool === undefined ? '' : ` [${tool}: ${code}]`}`;
}

/** The version of the documents of --json: another one where a key goes, or comes to mean something else. */
const DOCUMENT_VERSION = 1;

/**
 * The document of a command with --json, however the command ended.
 *
 * @param findings All that is wrong or to be known, in the one shape that all of it has.
 * @param more What this command alone has to say.
 */
export function documentOf(status: number, findings: readonly Diagnostic[], more: object): object {
  return { version: DOCUMENT_VERSION, status, ...more, findings };
}

/** An error that nobody lets pass. */
export const isFailure = ({ level, accepted }: Diagnostic) => level === 'error' && accepted === undefined;

/** 1 for an error, and with --strict for anything that could not be checked; what is accepted passes. */
export function verdict(findings: readonly Diagnostic[], strict: boolean): 0 | 1 {
  const fails = (one: Diagnostic) =>
    isFailure(one) || (strict && one.level === 'unchecked' && one.accepted === undefined);
  return findings.some(fails) ? 1 : 0;
}
