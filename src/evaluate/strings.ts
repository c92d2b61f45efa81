/**
 * Python's string literals and number literals, and its two older ways of formatting.
 * https://docs.python.org/3/reference/lexical_analysis.html#string-and-bytes-literals
 */
import type { Node } from './syntax.ts';

/** The parts of a literal's source: its prefix in lower case, and the text between the quotes. */
export interface LiteralShape {
  prefix: string;
  bodyFrom: number;
  bodyTo: number;
}

/** Where a string literal's text begins and ends; undefined where the literal is not closed. */
export function literalShape(text: string, from: number, to: number): LiteralShape | undefined {
  let at = from;
  while (at < to && text[at] !== '"' && text[at] !== "'") at++;
  const quote = text[at];
  if (quote === undefined || at >= to) return undefined;
  const width = text.startsWith(quote.repeat(3), at) && to - at >= 6 ? 3 : 1;
  if (
    to - at < width * 2 ||
    !text
      .slice(to - width, to)
      .split('')
      .every((char) => char === quote)
  )
    return undefined;
  return { prefix: text.slice(from, at).toLowerCase(), bodyFrom: at + width, bodyTo: to - width };
}

const SIMPLE_ESCAPES: Record<string, string> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
};

/** Decodes the escapes of a string body; an escape that Python does not know stays as it is written. */
export function unescapeText(body: string): string {
  if (!body.includes('\\')) return body;
  let out = '';
  for (let at = 0; at < body.length; at++) {
    const char = body[at] as string;
    if (char !== '\\' || at + 1 >= body.length) {
      out += char;
      continue;
    }
    const next = body[at + 1] as string;
    const simple = SIMPLE_ESCAPES[next];
    if (simple !== undefined) {
      out += simple;
      at++;
      continue;
    }
    const width = next === 'x' ? 2 : next === 'u' ? 4 : next === 'U' ? 8 : 0;
    const digits = body.slice(at + 2, at + 2 + width);
    if (width > 0 && digits.length === width && isDigits(digits, 16)) {
      const code = Number.parseInt(digits, 16);
      out += code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD';
      at += 1 + width;
      continue;
    }
    const octal = octalAt(body, at + 1);
    if (octal !== '') {
      out += String.fromCodePoint(Number.parseInt(octal, 8));
      at += octal.length;
      continue;
    }
    out += char;
  }
  return out;
}

function octalAt(body: string, at: number): string {
  let end = at;
  while (end < body.length && end < at + 3 && isDigits(body[end] as string, 8)) end++;
  return body.slice(at, end);
}

function isDigits(text: string, base: number): boolean {
  return text !== '' && [...text].every((char) => !Number.isNaN(Number.parseInt(char, base)));
}

/** A number literal; undefined for a complex one, or one that Python 3 does not know (0777, 10L). */
export function parseNumber(literal: string): { value: number; float: boolean } | undefined {
  const text = literal.replaceAll('_', '').toLowerCase();
  if (text.endsWith('j') || text.endsWith('l')) return undefined;
  if (text.startsWith('0x') || text.startsWith('0o') || text.startsWith('0b')) {
    const value = Number(text);
    return Number.isSafeInteger(value) ? { value, float: false } : undefined;
  }
  const float = text.includes('.') || text.includes('e');
  const value = Number(text);
  if (!Number.isFinite(value) || (!float && !Number.isSafeInteger(value))) return undefined;
  // Python 2's octal: "0777" is an error in Python 3, and never seven hundred and seventy-seven.
  if (!float && text.length > 1 && text.startsWith('0') && value !== 0) return undefined;
  return { value, float };
}

/** A piece of an f-string: text, or a replacement field. */
export type FormatPiece = { text: string } | { field: Node };

/** The pieces of an f-string literal, its text parts decoded; undefined where the literal is not closed. */
export function formatPieces(text: string, node: Node): FormatPiece[] | undefined {
  const shape = literalShape(text, node.from, node.to);
  if (!shape) return undefined;
  const raw = shape.prefix.includes('r');
  const decode = (from: number, to: number) => {
    const body = text.slice(from, to).replaceAll('{{', '{').replaceAll('}}', '}');
    return raw ? body : unescapeText(body);
  };
  const pieces: FormatPiece[] = [];
  let at = shape.bodyFrom;
  for (const child of node.children) {
    if (child.name !== 'FormatReplacement') continue;
    if (child.from > at) pieces.push({ text: decode(at, child.from) });
    pieces.push({ field: child });
    at = child.to;
  }
  if (shape.bodyTo > at) pieces.push({ text: decode(at, shape.bodyTo) });
  return pieces;
}

/**
 * `template % values` for %s, %d, %i, %r of plain texts and %(name)s; undefined for anything finer.
 * https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting
 */
export function percentFormat(
  template: string,
  values: readonly string[] | ReadonlyMap<string, string>,
): string | undefined {
  let out = '';
  let used = 0;
  for (let at = 0; at < template.length; at++) {
    const char = template[at] as string;
    if (char !== '%') {
      out += char;
      continue;
    }
    const next = template[at + 1];
    if (next === '%') {
      out += '%';
      at++;
    } else if (next === '(' && !isArray(values)) {
      const close = template.indexOf(')', at);
      const value = values.get(template.slice(at + 2, close));
      if (close === -1 || value === undefined || !'sdi'.includes(template[close + 1] ?? '?'))
        return undefined;
      out += value;
      at = close + 1;
    } else if (next !== undefined && 'sdi'.includes(next) && isArray(values)) {
      const value = values[used++];
      if (value === undefined) return undefined;
      out += value;
      at++;
    } else return undefined;
  }
  return isArray(values) && used !== values.length ? undefined : out;
}

function isArray(values: readonly string[] | ReadonlyMap<string, string>): values is readonly string[] {
  return Array.isArray(values);
}

/**
 * `template.format(...)` for plain fields: {}, {0}, {name}; undefined for attributes, indexes, conversions and specs.
 * https://docs.python.org/3/library/string.html#format-string-syntax
 */
export function braceFormat(
  template: string,
  positional: readonly string[],
  named: ReadonlyMap<string, string>,
): string | undefined {
  let out = '';
  let automatic = 0;
  let numbered = false;
  for (let at = 0; at < template.length; at++) {
    const char = template[at] as string;
    if ((char === '{' || char === '}') && template[at + 1] === char) {
      out += char;
      at++;
    } else if (char === '{') {
      const close = template.indexOf('}', at);
      if (close === -1) return undefined;
      const field = template.slice(at + 1, close);
      numbered ||= field !== '' && isDigits(field, 10);
      const value =
        field === ''
          ? positional[automatic++]
          : isDigits(field, 10)
            ? positional[Number(field)]
            : named.get(field);
      // Python refuses to mix {} and {0}.
      if (value === undefined || (numbered && automatic > 0)) return undefined;
      out += value;
      at = close;
    } else if (char === '}') return undefined;
    else out += char;
  }
  return out;
}
