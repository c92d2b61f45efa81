/** A value of systemd's that is a list of words: https://github.com/systemd/systemd/blob/main/src/basic/extract-word.c */

/** https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html#Quoting */
const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|([0-7]{3})|([abfnrstv\\"']))/y;
const NAMED: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  s: ' ',
  t: '\t',
  v: '\v',
};

/** The words without quotes and escapes, and with `%%` as the per cent sign that it is; other specifiers stay. */
export function systemdWords(value: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < value.length; at++) {
    const c = value[at] as string;
    const escaped = c === '\\' ? escapeAt(value, at) : undefined;
    if (escaped) {
      word = (word ?? '') + escaped.text;
      at += escaped.length - 1;
    } else if (c === quote) quote = '';
    else if (quote === '' && (c === '"' || c === "'")) {
      quote = c;
      word ??= '';
    } else if (quote === '' && /[ \t\r\n]/.test(c)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + c;
  }
  if (word !== undefined) words.push(word);
  return words.map((one) => one.replaceAll('%%', '%'));
}

/** What a backslash and the characters behind it stand for; undefined where it stands for itself. */
function escapeAt(value: string, at: number): { text: string; length: number } | undefined {
  ESCAPE.lastIndex = at;
  const [source, hex, unicode, octal, name = ''] = ESCAPE.exec(value) ?? [];
  if (source === undefined) return undefined;
  const code = hex ?? unicode ?? octal;
  const text =
    code === undefined
      ? (NAMED[name] ?? name)
      : String.fromCharCode(Number.parseInt(code, octal === undefined ? 16 : 8));
  return { text, length: source.length };
}
