/** YAML that others wrote, with the lines of its parts. https://yaml.org/spec/1.2.2/ */
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';

export interface YamlFile {
  /** Maps as objects, lists as arrays. */
  value: unknown;
  /** The line that a value begins on, counted from 1, by the keys that lead to it; undefined where there is none. */
  lineOf(path: readonly (string | number)[]): number | undefined;
  /** The line of the last of these keys itself. */
  lineOfKey(path: readonly (string | number)[]): number | undefined;
}

/** What a file says; undefined where it is not YAML, or has references that lead nowhere. */
export function parseYaml(text: string): YamlFile | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, logLevel: 'silent' });
  if (document.errors.length > 0) return undefined;
  const lineOf = (path: readonly (string | number)[]) => {
    const node = document.getIn(path, true);
    return isNode(node) && node.range ? lines.linePos(node.range[0]).line : undefined;
  };
  const lineOfKey = (path: readonly (string | number)[]) => {
    const map = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
    const key = isMap(map)
      ? map.items
          .map((pair) => pair.key)
          .find((one) => isScalar(one) && String(one.value) === String(path.at(-1)))
      : undefined;
    return isNode(key) && key.range ? lines.linePos(key.range[0]).line : undefined;
  };
  try {
    // Aliases that multiply are a way to fill the memory: the library counts them.
    return { value: document.toJS({ maxAliasCount: 100 }), lineOf, lineOfKey };
  } catch {
    return undefined;
  }
}
