/** tmpfiles.d and sysusers.d: fields of a line, as https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html has them. */
import { live, type Reader, type Token } from './token.ts';

export const readFields: Reader = (text) =>
  text.split('\n').flatMap((line): Token[] => {
    const plain = line.trim();
    if (plain === '') return [];
    if (plain.startsWith('#')) return [['comment', plain]];
    return [...fieldsOf(plain).map((field): Token => ['field', field]), ['end', '']];
  });

function fieldsOf(line: string): string[] {
  const fields: string[] = [];
  let field: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const c = line[at] as string;
    if (c === '\\') {
      at++;
      field = (field ?? '') + (line[at] ?? '');
    } else if (quote !== '') {
      if (c === quote) quote = '';
      else field += c;
    } else if ((c === '"' || c === "'") && field === undefined) {
      quote = c;
      field = '';
    } else if (/\s/.test(c)) {
      if (field !== undefined) fields.push(field);
      field = undefined;
    } else field = (field ?? '') + c;
  }
  if (field !== undefined) fields.push(field);
  return fields.map((text) =>
    text.replaceAll(/%%|%[A-Za-z]?/g, (match) => (match === '%%' ? '%' : live(match))),
  );
}
