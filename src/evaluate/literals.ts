/** Texts, lists and dicts as the source writes them. https://docs.python.org/3/reference/expressions.html#atoms */
import { lift, withUnless } from './alternatives.ts';
import {
  type Abstract,
  type Data,
  type Entry,
  type Item,
  keyOf,
  known,
  type ListData,
  type Proviso,
  str,
} from './data.ts';
import { computed, evaluate, here, unreadable } from './evaluate.ts';
import { textOfData } from './plain.ts';
import { type Frame, only, placeOf } from './run.ts';
import { formatPieces, literalShape, unescapeText } from './strings.ts';
import { type Node, parts, textOf } from './syntax.ts';

/** `'a'`, in all its forms but f-strings. */
export function stringLiteral(frame: Frame, node: Node): Abstract {
  const shape = literalShape(frame.source.text, node.from, node.to);
  if (!shape) return unreadable(frame, node);
  if (shape.prefix.includes('b')) return here(frame, node, { t: 'bytes' });
  const body = frame.source.text.slice(shape.bodyFrom, shape.bodyTo);
  return here(frame, node, str(shape.prefix.includes('r') ? body : unescapeText(body)));
}

/** `f'{a}'`. */
export function formatString(frame: Frame, node: Node): Abstract {
  const pieces = formatPieces(frame.source.text, node);
  if (!pieces) return unreadable(frame, node);
  const values = pieces.map((piece): Abstract => {
    if ('text' in piece) return known(str(piece.text));
    // A conversion, a format or `=` changes the text in ways that are not worth knowing.
    const fine = piece.field.children.some((child) => child.name.startsWith('Format'));
    const expression = parts(piece.field)[0];
    return fine || !expression ? computed(frame, piece.field) : evaluate(frame, expression);
  });
  return concatenate(frame, node, values);
}

/** `'a' 'b'`. */
export function concatenated(frame: Frame, node: Node): Abstract {
  return concatenate(
    frame,
    node,
    node.children.map((child) => evaluate(frame, child)),
  );
}

function concatenate(frame: Frame, node: Node, values: readonly Abstract[]): Abstract {
  const result = lift(
    values,
    (...data) => {
      if (data.length > 0 && data.every((one) => one.t === 'bytes')) return { t: 'bytes' };
      const gap = data.findIndex((one) => one.t === 'unknown' || one.t === 'unset');
      if (gap !== -1) return begun(data[gap] as Data, data.slice(0, gap).map(textOfData));
      const texts = data.map(textOfData);
      return texts.every((text) => text !== undefined) ? str(texts.join('')) : computed(frame, node);
    },
    { lenient: true },
  );
  return result.map((one) => (one.from.length > 0 ? one : { ...one, from: [placeOf(frame, node)] }));
}

/** A text of which only the beginning is known. */
export function begun(gap: Data, before: readonly (string | undefined)[]): Data {
  const { prefix: more = '', ...open } =
    gap.t === 'unknown' ? gap : { t: 'unknown' as const, because: 'it uses a name that is not set' };
  const prefix = before.every((text) => text !== undefined) ? before.join('') + more : '';
  return prefix === '' ? open : { ...open, prefix };
}

/** Evaluates comma separated elements, `*unpacked` ones included. */
export function elements(frame: Frame, nodes: readonly Node[]): { items: Item[]; rest: string | undefined } {
  const items: Item[] = [];
  let rest: string | undefined;
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index] as Node;
    if (node.name !== '*' && textOf(frame.source, node) !== '*') {
      items.push({ value: evaluate(frame, node) });
      continue;
    }
    const inner = nodes[++index];
    const value = inner && evaluate(frame, inner);
    const one = value?.length === 1 ? value[0] : undefined;
    if (one?.data.t === 'list') {
      for (const item of one.data.items) items.push(withItemUnless(item, one.unless));
      rest ??= one.data.rest;
    } else rest ??= one?.data.t === 'unknown' ? one.data.because : 'a part of it is decided at run time';
  }
  return { items, rest };
}

function withItemUnless(item: Item, unless: readonly Proviso[]): Item {
  return unless.length === 0 ? item : { ...item, value: withUnless(item.value, ...unless) };
}

/** A list, a tuple or a set. */
export function listLiteral(frame: Frame, node: Node, kind: ListData['kind']): Abstract {
  const { items, rest } = elements(frame, parts(node));
  return here(frame, node, { t: 'list', kind, items, rest });
}

/** `{a: b, **c}`. */
export function dictLiteral(frame: Frame, node: Node): Abstract {
  const entries = new Map<string, Entry>();
  let rest: string | undefined;
  const children = node.children.filter(
    (child) => child.name !== '{' && child.name !== '}' && child.name !== ',',
  );
  for (let index = 0; index < children.length; index++) {
    const child = children[index] as Node;
    if (child.name === '**') {
      const inner = children[++index];
      const data = inner && only(evaluate(frame, inner), 'dict');
      if (data) for (const [key, entry] of data.entries) entries.set(key, entry);
      if (!data || data.rest !== undefined)
        rest ??= data?.rest ?? 'some of its entries are decided at run time';
      continue;
    }
    const value = children[index + 2];
    if (children[index + 1]?.name !== ':' || !value) {
      rest ??= 'the Python here could not be read';
      continue;
    }
    index += 2;
    const keys = evaluate(frame, child);
    const key = keys.length === 1 ? keys[0]?.data : undefined;
    const text = key && keyOf(key);
    const result = evaluate(frame, value);
    if (key && text !== undefined) entries.set(text, { key, value: result });
    else rest ??= 'some of its entries are decided at run time';
  }
  return here(frame, node, { t: 'dict', entries, rest });
}
