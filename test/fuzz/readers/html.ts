/** HTML: the tree that a browser makes, by https://github.com/inikulin/parse5 */
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import type { Reader, Token } from './token.ts';

export const readHtml: Reader = (text) => tokensOf(parse(text));

function tokensOf(node: DefaultTreeAdapterTypes.Node): Token[] {
  const tokens: Token[] = [[node.nodeName, 'value' in node ? node.value : '']];
  if (node.nodeName === '#comment') tokens.push(['data', (node as DefaultTreeAdapterTypes.CommentNode).data]);
  if ('attrs' in node)
    tokens.push(
      ...node.attrs.flatMap(({ name, value }): Token[] => [
        ['attribute', name],
        ['value', value],
      ]),
    );
  if ('childNodes' in node) tokens.push(...node.childNodes.flatMap(tokensOf));
  return [...tokens, ['end', node.nodeName]];
}
