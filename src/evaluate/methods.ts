/** What the methods of plain values return: of texts, paths, dicts and lists. */
import { baseName, joinPurePaths, normalisePath, PROJECT } from '../words/paths.ts';
import { lift, withUnless } from './alternatives.ts';
import { arg, type Call, notPlain, ofTexts } from './call.ts';
import { type Abstract, bool, type Data, type DictData, known, NONE, str, unknown } from './data.ts';
import { callEnvironment } from './environment.ts';
import { list, lookUp, plainItems } from './plain.ts';
import { only, type Run } from './run.ts';
import { braceFormat } from './strings.ts';

/** Whether a file is there: known for the project's own, and otherwise not by default. */
export function existence(run: Run, path: string): Abstract {
  const normal = normalisePath(path);
  const inside = normal.startsWith(`${PROJECT}/`) ? normal.slice(PROJECT.length + 1) : undefined;
  if (normal === PROJECT) return known(bool(true));
  if (inside !== undefined && run.finder.has(inside)) return known(bool(true));
  if (inside !== undefined && run.project.list().some((file) => file.startsWith(`${inside}/`)))
    return known(bool(true));
  return withUnless(known(bool(false)), `${inside ?? normal} exists on the server`);
}

type TextMethod = (text: string, ...args: string[]) => Data | undefined;

const trimWith = (text: string, chars: string | undefined, left: boolean, right: boolean): string => {
  if (chars === undefined) return left && right ? text.trim() : left ? text.trimStart() : text.trimEnd();
  let [from, to] = [0, text.length];
  while (left && from < to && chars.includes(text[from] as string)) from++;
  while (right && to > from && chars.includes(text[to - 1] as string)) to--;
  return text.slice(from, to);
};

const TEXT_METHODS: Record<string, TextMethod> = {
  split: (text, separator) => {
    if (separator === '') return undefined;
    const words = text.trim() === '' ? [] : text.trim().split(/\s+/);
    return list((separator === undefined ? words : text.split(separator)).map(str));
  },
  splitlines: (text) => list((text.endsWith('\n') ? text.slice(0, -1) : text).split('\n').map(str)),
  strip: (text, chars) => str(trimWith(text, chars, true, true)),
  lstrip: (text, chars) => str(trimWith(text, chars, true, false)),
  rstrip: (text, chars) => str(trimWith(text, chars, false, true)),
  lower: (text) => str(text.toLowerCase()),
  casefold: (text) => str(text.toLowerCase()),
  upper: (text) => str(text.toUpperCase()),
  replace: (text, from, to) => (from && to !== undefined ? str(text.replaceAll(from, to)) : undefined),
  startswith: (text, prefix) => (prefix === undefined ? undefined : bool(text.startsWith(prefix))),
  endswith: (text, suffix) => (suffix === undefined ? undefined : bool(text.endsWith(suffix))),
  removeprefix: (text, prefix) =>
    prefix && text.startsWith(prefix) ? str(text.slice(prefix.length)) : str(text),
  removesuffix: (text, suffix) =>
    suffix && text.endsWith(suffix) ? str(text.slice(0, -suffix.length)) : str(text),
  isdigit: (text) => bool(text !== '' && [...text].every((char) => char >= '0' && char <= '9')),
};

/** Calls a method of a value that is known; undefined where it cannot be told what it returns. */
export function callMethod(call: Call, self: Data, name: string): Abstract | undefined {
  switch (self.t) {
    case 'str':
      return textMethod(call, self.v, name);
    case 'path':
      return pathMethod(call, self, name);
    case 'dict':
      return dictMethod(call, self, name);
    case 'list':
      return name === 'copy' ? known(self) : undefined;
    case 'environment':
      return callEnvironment(call, self, name);
    default:
      return undefined;
  }
}

function textMethod(call: Call, text: string, name: string): Abstract | undefined {
  const { positional, named } = call.args;
  if (name === 'format') return call.args.open ? undefined : format(call, text, positional, named);
  if (name === 'encode') return known({ t: 'bytes' });
  if (name === 'join') {
    return lift(positional.slice(0, 1), (data) => {
      const texts = plainItems(data)?.map((item) => only(item, 'str')?.v);
      return texts?.every((one) => one !== undefined) ? str(texts.join(text)) : notPlain(call);
    });
  }
  const method = Object.hasOwn(TEXT_METHODS, name) ? TEXT_METHODS[name] : undefined;
  // A further argument (split's maxsplit, replace's count) changes the result: not known rather than wrong.
  if (!method || named.size > 0 || positional.length > (name === 'replace' ? 2 : 1)) return undefined;
  return ofTexts(call, positional, (...args) => method(text, ...args));
}

function format(
  call: Call,
  template: string,
  positional: readonly Abstract[],
  named: ReadonlyMap<string, Abstract>,
): Abstract {
  const names = [...named.keys()];
  return ofTexts(call, [...positional, ...named.values()], (...texts) => {
    const byName = new Map(names.map((name, index) => [name, texts[positional.length + index] as string]));
    const result = braceFormat(template, texts.slice(0, positional.length), byName);
    return result === undefined ? undefined : str(result);
  });
}

function pathMethod(call: Call, self: Extract<Data, { t: 'path' }>, name: string): Abstract | undefined {
  switch (name) {
    case 'resolve':
    case 'absolute':
      return known(self);
    case 'joinpath':
    case 'path':
      return ofTexts(call, call.args.positional, (...texts) => ({
        ...self,
        v: joinPurePaths(self.v, ...texts),
      }));
    case 'as_posix':
    case '__str__':
      return known(str(self.v));
    case 'exists':
    case 'is_file':
    case 'is_dir':
      return existence(call.run, self.v);
    case 'read_text':
      return unknown(`read from the file ${baseName(self.v) ?? self.v}`, [call.at]);
    case 'mkdir':
    case 'touch':
      return known(NONE);
    case 'expanduser':
      return self.v.startsWith('~') ? undefined : known(self);
    default:
      return undefined;
  }
}

function dictMethod(call: Call, self: DictData, name: string): Abstract | undefined {
  switch (name) {
    case 'get': {
      const key = arg(call, 0);
      const fallback = arg(call, 1) ?? known(NONE);
      return key && lift([key], (data) => lookUp(self, data, fallback));
    }
    case 'copy':
      return known(self);
    case 'keys':
      return self.rest === undefined
        ? known(list([...self.entries.values()].map((entry) => entry.key)))
        : undefined;
    case 'values':
      if (self.rest !== undefined) return undefined;
      return known({
        t: 'list',
        kind: 'list',
        items: [...self.entries.values()].map(({ value }) => ({ value })),
      });
    case 'items':
      if (self.rest !== undefined) return undefined;
      return known({
        t: 'list',
        kind: 'list',
        items: [...self.entries.values()].map(({ key, value }) => ({
          value: known({ t: 'list', kind: 'tuple', items: [{ value: known(key) }, { value }] }),
        })),
      });
    default:
      return undefined;
  }
}
