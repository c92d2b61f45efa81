/** Apache's configuration files by lines: ap_cfg_getline in https://github.com/apache/httpd/blob/2.4.x/server/util.c */
import { wordsOf } from './lexer.ts';

/** A line as Apache has it: one that ends in a backslash takes the next one in, after a comment too. */
export interface ApacheLine {
  text: string;
  /** The first of the file's lines that it is made of, counted from 1. */
  line: number;
  isJoined: boolean;
}

/** Every line of a file, comments and empty ones too. */
export function apacheLines(text: string): ApacheLine[] {
  const lines: ApacheLine[] = [];
  let open: ApacheLine | undefined;
  const all = text.split('\n');
  for (const [index, source] of all.entries()) {
    const goesOn = index + 1 < all.length && /\\\r?$/.test(source);
    const piece = goesOn ? source.replace(/\\\r?$/, '') : source;
    if (open) {
      open.text += piece;
      open.isJoined = true;
    } else {
      open = { text: piece, line: index + 1, isJoined: false };
      lines.push(open);
    }
    if (!goesOn) open = undefined;
  }
  return lines;
}

/** A directive, or the first line of a section. */
export interface ApacheDirective {
  /** Its name, and what stands behind it, without quotes. A section's is without its "<" and ">". */
  words: string[];
  line: number;
  /** The sections around it, each by its name and first word: "Directory /srv/shop". */
  sections: string[];
}

/** The directives of a file, those inside of sections too, in order. Variables are not put in. */
export function apacheDirectives(text: string): ApacheDirective[] {
  const sections: string[] = [];
  return apacheLines(text).flatMap(({ text: source, line }): ApacheDirective[] => {
    const plain = source.replace(/^[ \t\r\f\v]+|[ \t\r\f\v]+$/g, '');
    if (plain === '' || plain.startsWith('#')) return [];
    if (plain.startsWith('</')) {
      sections.pop();
      return [];
    }
    const isSection = plain.startsWith('<');
    const words = wordsOf(isSection ? plain.slice(1).replace(/>$/, '') : plain);
    const directive = { words, line, sections: [...sections] };
    if (isSection) sections.push(words.slice(0, 2).join(' '));
    return [directive];
  });
}
