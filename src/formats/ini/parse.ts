/** ini files of all dialects, taken apart line by line. */
import type { Dialect } from './dialects.ts';

/** `name = value`; lines count from 1, and are those that the thing begins on. */
export interface IniEntry {
  name: string;
  /** Without white space around it. Lines that configparser joins are lines; those that systemd joins are one. */
  value: string;
  line: number;
}

/** `[name]`: "app:main", "DEFAULT". */
interface IniSection {
  name: string;
  line: number;
  entries: IniEntry[];
}

interface IniFile {
  /** One for each header, as they come: a name may be there twice. */
  sections: IniSection[];
  comments: { text: string; line: number }[];
  /** What is neither: a line without a delimiter, or before the first section. */
  others: { text: string; line: number }[];
}

/** The value that the next line may go on with. */
interface Open {
  entry: IniEntry;
  /** How far in its line begins. */
  indent: number;
  /** Its line ended in a backslash. */
  isUnfinished: boolean;
}

const HEADER = /^\[([^\]]+)\]/;
/**
 * A backslash that no other protects, at the very end: with white space behind it, systemd takes it for a part of the
 * value. https://github.com/systemd/systemd/blob/v257/src/shared/conf-parser.c
 */
const UNFINISHED = /(?<!\\)(?:\\\\)*\\$/;

/**
 * What a file says, as far as it can be read.
 * Values are as they are written: nothing in them is expanded, and no quotes are taken away.
 */
export function parseIni(text: string, dialect: Dialect): IniFile {
  const file: IniFile = { sections: [], comments: [], others: [] };
  let open: Open | undefined;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    if (dialect.comment.test(raw)) {
      file.comments.push({ text: raw.trim(), line });
      continue;
    }
    const behind = dialect.behind?.exec(raw);
    if (behind) file.comments.push({ text: behind[0].trim(), line });
    const source = behind ? raw.slice(0, behind.index) : raw;
    const said = dialect.goesOn === 'backslash' ? source.trimStart() : source.trim();
    const indent = source.length - source.trimStart().length;
    if (said === '') {
      if (open?.isUnfinished) open = undefined;
    } else if (open && goesOn(dialect, open, indent)) goOn(dialect, open, said);
    else open = begin(dialect, file, { said, indent, line });
  }
  return file;
}

function goesOn(dialect: Dialect, open: Open, indent: number): boolean {
  if (dialect.goesOn === 'deeper') return indent > open.indent;
  return dialect.goesOn === 'indented' ? indent > 0 : open.isUnfinished;
}

function goOn(dialect: Dialect, open: Open, said: string): void {
  const { text, isUnfinished } = piece(dialect, said);
  const { value } = open.entry;
  open.entry.value = `${value}${dialect.goesOn === 'backslash' ? ' ' : '\n'}${text}`.trim();
  open.isUnfinished = isUnfinished;
}

/** A line without the backslash that has it go on. */
function piece({ goesOn: by }: Dialect, said: string): { text: string; isUnfinished: boolean } {
  const isUnfinished = by === 'backslash' && UNFINISHED.test(said);
  return { text: (isUnfinished ? said.slice(0, -1) : said).trimEnd(), isUnfinished };
}

/** A header or an entry; undefined where the next line can go on with nothing. */
function begin(
  dialect: Dialect,
  { sections, others }: IniFile,
  { said, indent, line }: { said: string; indent: number; line: number },
): Open | undefined {
  const header = HEADER.exec(said)?.[1]?.trim();
  if (header !== undefined) {
    sections.push({ name: header, line, entries: [] });
    return undefined;
  }
  const { text, isUnfinished } = piece(dialect, said);
  const end = text.search(dialect.delimiter);
  const entries = sections.at(-1)?.entries;
  const isBare = end === -1 && dialect.bare !== undefined;
  if ((end < 1 && !isBare) || entries === undefined) {
    others.push({ text: said, line });
    return undefined;
  }
  const name = isBare ? text : text.slice(0, end).trim();
  const entry = {
    name: dialect.before ? name.replace(dialect.before, '') : name,
    value: isBare ? (dialect.bare ?? '') : text.slice(end + 1).trim(),
    line,
  };
  entries.push(entry);
  return { entry, indent, isUnfinished };
}
