/** Command lines as a shell would take them apart, as far as that can be known without running one. */
import { parse } from 'shell-quote';

/** One command: its words, and the variables that stand before them. */
export interface SimpleCommand {
  words: string[];
  environment: Map<string, string>;
  /** Counted from 0, in the text. */
  line: number;
}

const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;

/**
 * The simple commands of a script or of a command line. Variables that the text itself sets are put in; others stay as
 * they are written, "$PORT", and `${PORT:-8000}` is its default. What is not shell gives nothing.
 */
export function simpleCommands(
  text: string,
  given: ReadonlyMap<string, string> = new Map(),
): SimpleCommand[] {
  const variables = new Map(given);
  const commands: SimpleCommand[] = [];
  for (const { text: line, number } of logicalLines(text)) {
    for (const words of commandsOf(line, variables)) {
      const first = words.findIndex((word) => !ASSIGNMENT.test(word) && word !== 'export');
      const assigned = (first === -1 ? words : words.slice(0, first)).flatMap((word) => {
        const [, name = '', value = ''] = ASSIGNMENT.exec(word) ?? [];
        return name === '' ? [] : [[name, value] as const];
      });
      // A line of its own sets variables for all that follows; before a command, for that alone.
      if (first === -1) for (const [name, value] of assigned) variables.set(name, value);
      else commands.push({ words: words.slice(first), environment: new Map(assigned), line: number });
    }
  }
  return commands;
}

/** Lines with continuations joined. */
function logicalLines(text: string): { text: string; number: number }[] {
  const lines: { text: string; number: number }[] = [];
  let pending: { text: string; number: number } | undefined;
  text.split(/\r?\n/).forEach((raw, index) => {
    const start = pending ?? { text: '', number: index };
    pending = raw.endsWith('\\')
      ? { text: `${start.text}${raw.slice(0, -1)} `, number: start.number }
      : undefined;
    if (pending === undefined) lines.push({ text: start.text + raw, number: start.number });
  });
  return pending === undefined ? lines : [...lines, pending];
}

/** What a command prints, known only when it runs. */
const SUBSTITUTION = /\$\([^()]*\)|`[^`]*`/g;
const REDIRECTIONS = ['>', '<', '>>', '>&', '<&', '&>'];

function commandsOf(line: string, variables: ReadonlyMap<string, string>): string[][] {
  const commands: string[][] = [[]];
  let isTarget = false;
  for (const part of parsed(line.replace(SUBSTITUTION, '$SUBSTITUTED'), variables)) {
    const words = commands.at(-1) as string[];
    const text = typeof part === 'string' ? part : 'pattern' in part ? part.pattern : undefined;
    if (text !== undefined && isTarget) isTarget = false;
    else if (text !== undefined) words.push(text);
    else if ('op' in (part as object) && REDIRECTIONS.includes((part as { op: string }).op)) {
      isTarget = true;
      // 2>&1: the number is the redirection's.
      if (/^\d$/.test(words.at(-1) ?? '')) words.pop();
    } else if ('op' in (part as object)) {
      isTarget = false;
      commands.push([]);
    }
  }
  return commands.filter((words) => words.length > 0);
}

function parsed(line: string, variables: ReadonlyMap<string, string>): ReturnType<typeof parse> {
  try {
    return parse(line, (name) => {
      const [, plain = name, fallback] = /^(\w+)(?::?-(.*))?$/s.exec(name) ?? [];
      return variables.get(plain) ?? fallback ?? `$${plain}`;
    });
  } catch {
    // Not for a shell after all, or for one with more than words: nothing is known of it.
    return [];
  }
}
