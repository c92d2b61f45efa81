/** Python: its tokens by the grammar of https://github.com/lezer-parser/python, with the text that each string means. */
import { parser } from '@lezer/python';
import { live, type Reader, type Token } from './token.ts';

export const readPython: Reader = (text) => {
  const tokens: Token[] = [];
  parser.parse(text).iterate({
    enter: ({ name, from, to, node, type }) => {
      const source = text.slice(from, to);
      if (type.isError) tokens.push(['error', live(source)]);
      if (name === 'String') tokens.push(['string', meaning(source)]);
      else if (node.firstChild === null) tokens.push([name, source]);
      return name !== 'String';
    },
  });
  return tokens;
};

/** https://docs.python.org/3/reference/lexical_analysis.html#escape-sequences, as far as anybody writes them here */
function meaning(source: string): string {
  const [, prefix = '', quote = ''] = /^([a-zA-Z]*)("""|'''|"|')/.exec(source) ?? [];
  const inner = source.slice(prefix.length + quote.length, -quote.length);
  if (/r/i.test(prefix)) return inner;
  return inner.replaceAll(/\\([\s\S])/g, (whole, c: string) => ('\\\'"'.includes(c) ? c : live(whole)));
}
