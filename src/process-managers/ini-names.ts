/** Names in the ini files of programs that silently pass over what they do not know. */
import { distance } from 'fastest-levenshtein';
import type { Risk, TreeFile } from '../contract/validator.ts';
import type { Finding } from '../words/finding.ts';

/** The names that a program knows, by the kind of section: "program" for "[program:shop]". */
export type KnownNames = Readonly<Record<string, ReadonlySet<string>>>;

/** Each section and each name of the file that the program would pass over. */
export function strangeNames(
  { tool, code }: Pick<Finding, 'tool' | 'code'>,
  file: TreeFile,
  known: KnownNames,
  docs: string,
): Finding[] {
  const findings: Finding[] = [];
  const strange = (line: number, what: string, name: string, names: Iterable<string>) => {
    const nearest = [...names].sort((a, b) => distance(a, name) - distance(b, name))[0];
    const hint = nearest !== undefined && distance(nearest, name) < 4 ? ` Did you mean ${nearest}?` : '';
    findings.push({
      ...{ code, tool, level: 'error', file: file.shown, line },
      message: `${tool} does not know the ${what} '${name}', and passes over it`,
      remedy: `Correct it, or take it out.${hint} ${docs}`,
    });
  };
  let names: ReadonlySet<string> | undefined;
  for (const [index, text] of file.text.split('\n').entries()) {
    const section = /^\[([^\]:]*)(?::[^\]]*)?\]/.exec(text)?.[1];
    const name = /^([^\s#;=[][^=]*?)\s*=/.exec(text)?.[1];
    if (section !== undefined) {
      names = known[section];
      if (names === undefined) strange(index + 1, 'section', section, Object.keys(known));
    } else if (name !== undefined && names !== undefined && !names.has(name))
      strange(index + 1, 'name', name, names);
  }
  return findings;
}

/** A line, no comment, that has what `pattern` says and is not just `known`: the program does more for it than read. */
export function riskOfLine(
  { text }: Pick<TreeFile, 'text'>,
  pattern: RegExp,
  known: RegExp,
  because: string,
): Risk | undefined {
  const lines = text.split(/\r\n?|\n/).map((line) => line.trim());
  const index = lines.findIndex((line) => pattern.test(line) && !/^[#;]/.test(line) && !known.test(line));
  return index === -1 ? undefined : { because, line: index + 1 };
}

/** The words of a text, as a set of names. */
export const names = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));
