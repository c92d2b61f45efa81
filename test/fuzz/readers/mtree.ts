/** Manifests: words of a line, in which a backslash and three octal digits are a byte. https://man.freebsd.org/cgi/man.cgi?query=mtree&sektion=5 */
import type { Reader, Token } from './token.ts';

export const readMtree: Reader = (text) =>
  text.split('\n').flatMap((line): Token[] => {
    const plain = line.trim();
    if (plain === '') return [];
    if (plain.startsWith('#')) return [['comment', plain]];
    return [...plain.split(/\s+/).map((word): Token => ['word', unescaped(word)]), ['end', '']];
  });

function unescaped(word: string): string {
  const bytes = [
    ...Buffer.from(word)
      .toString('latin1')
      .matchAll(/\\([0-3][0-7]{2})|(.)/gs),
  ];
  return Buffer.from(
    bytes.map(([, octal, plain = '']) =>
      octal === undefined ? plain.charCodeAt(0) : Number.parseInt(octal, 8),
    ),
  ).toString();
}
