/**
 * From what the evaluator knows to what is said to a person: Value<T>, in plain JSON.
 */

import { PROJECT, relativePath } from '../words/paths.ts';
import type { Evidence, Value } from '../words/value.ts';
import { mergeEvidence, mergeTexts } from './alternatives.ts';
import type { Abstract, Alternative, Clause, Data, When } from './data.ts';

/** How data becomes JSON. */
export interface ValueOptions {
  /** Paths are given relative to this folder of the project; "" is its top. */
  base: string;
}

/** Lists may hold one another many times over: what is written out is bounded. */
interface Settling extends ValueOptions {
  budget: number;
}

const MAX_PARTS = 100_000;

/** Data without alternatives: what holds under one choice of the conditions. */
interface Settled {
  kind: 'settled';
  json: unknown;
  /** A part of it is unknown, for this reason. */
  because: string | undefined;
  /** The reason says already that it is one of a part. */
  ofPart: boolean;
  unset: boolean;
  unless: readonly string[];
  from: readonly Evidence[];
}

interface Choice {
  kind: 'choice';
  when: When;
}

type Choices = ReadonlyMap<string, When>;

/** One outcome, and the conditions that it was found to depend on. */
interface Leaf extends Settled {
  path: readonly When[];
}

const MAX_LEAVES = 16;

/**
 * The value as JSON: texts, numbers, booleans, null, arrays, objects with text keys. A path is a text relative to
 * `base`, or absolute if the source has it so. In a one-of, null stands for "nothing sets it".
 */
export function toValue<T>(value: Abstract, options: ValueOptions): Value<T> {
  const leaves = leavesOf(value, options);
  if (!leaves) return { kind: 'unknown', because: 'it depends on too many conditions', from: places(value) };
  const groups = grouped(leaves);
  const [first] = groups;
  if (!first) return { kind: 'absent' };
  if (groups.length === 1)
    return single<T>(first.leaves[0] as Leaf, mergeEvidence(...first.leaves.map((leaf) => leaf.from)));
  if (groups.some((group) => group.leaves.some((leaf) => leaf.because !== undefined)))
    return partly<T>(groups, value);
  return {
    kind: 'one-of',
    options: groups.map((group) => ({
      value: (group.leaves[0]?.unset ? null : group.leaves[0]?.json) as T,
      when: labelOf(group),
      from: mergeEvidence(...group.leaves.map((leaf) => leaf.from)),
    })),
  };
}

function places(value: Abstract): Evidence[] {
  return mergeEvidence(...value.map((one) => one.from));
}

function single<T>(leaf: Leaf, from: Evidence[]): Value<T> {
  if (leaf.because !== undefined) return { kind: 'unknown', because: leaf.because, from };
  if (leaf.unset) return { kind: 'absent' };
  if (leaf.unless.length === 0) return { kind: 'known', value: leaf.json as T, from };
  return { kind: 'default', value: leaf.json as T, unless: leaf.unless.join(' or '), from };
}

/** Some outcomes are unknown. If all that is known holds by default, it is the default; otherwise it is a question. */
function partly<T>(groups: readonly Group[], value: Abstract): Value<T> {
  const knownGroups = groups.filter((group) => group.leaves.every((leaf) => leaf.because === undefined));
  const [only] = knownGroups;
  const leaf = only?.leaves[0];
  if (knownGroups.length === 1 && only && leaf && !leaf.unset && only.leaves.every(isDefault)) {
    const unless = leaf.path.flatMap(otherWay);
    return {
      kind: 'default',
      value: leaf.json as T,
      unless: mergeTexts(leaf.unless, unless).join(' or '),
      from: mergeEvidence(...only.leaves.map((one) => one.from)),
    };
  }
  const told = groups.map((group) => {
    const [one] = group.leaves;
    const text = one?.because ?? (one?.unset ? 'nothing sets it' : shown(one?.json));
    return `${labelOf(group)}: ${text}`;
  });
  return { kind: 'unknown', because: told.join('; '), from: places(value) };
}

/** What would make a condition the other way than it is. */
function otherWay({ condition, is }: When): readonly string[] {
  if (condition.flips && condition.flips.length > 0) return condition.flips.map(({ text }) => text);
  const other = is ? condition.no : condition.yes;
  return [other.word === 'if' ? other.text : clauseText(other)];
}

function shown(json: unknown): string {
  const text = JSON.stringify(json) ?? '';
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

interface Group {
  key: string;
  leaves: Leaf[];
}

/** Outcomes that are the same are one; those that hold by default come first. */
function grouped(leaves: readonly Leaf[]): Group[] {
  const groups = new Map<string, Group>();
  for (const leaf of leaves) {
    const key = JSON.stringify([leaf.json ?? null, leaf.because ?? null, leaf.unset, leaf.unless]);
    const group = groups.get(key);
    if (group) group.leaves.push(leaf);
    else groups.set(key, { key, leaves: [leaf] });
  }
  return [...groups.values()].sort(
    (a, b) => Number(b.leaves.some(isDefault)) - Number(a.leaves.some(isDefault)),
  );
}

function isDefault(leaf: Leaf): boolean {
  return leaf.path.every((when) => when.condition.byDefault === when.is);
}

function labelOf(group: Group): string {
  const ways = group.leaves.map((leaf) => leaf.path.map(whenText).join(', '));
  const text = [...new Set(ways)].slice(0, 3).join('; or ');
  const unless = group.leaves[0]?.unless ?? [];
  const suffix = unless.length > 0 ? `, unless ${unless.join(' or ')}` : '';
  return `${text}${group.leaves.some(isDefault) ? ' (the default)' : ''}${suffix}`;
}

function whenText(when: When): string {
  return clauseText(when.is ? when.condition.yes : when.condition.no);
}

function clauseText({ word, text }: Clause): string {
  return `${word} ${text}`;
}

/** Every outcome of a value: conditions are decided one by one, only those that the value turns out to depend on. */
function leavesOf(value: Abstract, options: ValueOptions): Leaf[] | undefined {
  const leaves: Leaf[] = [];
  const settling: Settling = { ...options, budget: MAX_PARTS };
  const open: When[][] = [[]];
  for (let rounds = 0; open.length > 0; rounds++) {
    if (rounds > MAX_LEAVES * 4 || leaves.length > MAX_LEAVES) return undefined;
    const path = open.pop() as When[];
    const result = settle(value, new Map(path.map((when) => [when.condition.id, when])), settling, 0);
    if (result.kind === 'settled') leaves.push({ ...result, path });
    else {
      const { condition } = result.when;
      open.push([...path, { condition, is: false }], [...path, { condition, is: true }]);
    }
  }
  return leaves;
}

/** The first condition of a list that is not chosen yet; true if all hold, false if one does not. */
function holds(when: readonly When[], choices: Choices): boolean | Choice {
  for (const one of when) {
    const choice = choices.get(one.condition.id);
    if (choice && choice.is !== one.is) return false;
  }
  const undecided = when.find((one) => !choices.has(one.condition.id));
  return undecided ? { kind: 'choice', when: undecided } : true;
}

function settle(value: Abstract, choices: Choices, options: Settling, depth: number): Settled | Choice {
  for (const alternative of value) {
    const verdict = holds(alternative.when, choices);
    if (verdict === true) return settleAlternative(alternative, choices, options, depth);
    if (verdict !== false) return verdict;
  }
  return settled(undefined, { unset: true });
}

function settled(json: unknown, more: Partial<Settled> = {}): Settled {
  return {
    ...{ kind: 'settled', json, because: undefined, ofPart: false, unset: false, unless: [], from: [] },
    ...more,
  };
}

function settleAlternative(
  one: Alternative,
  choices: Choices,
  options: Settling,
  depth: number,
): Settled | Choice {
  const inner = settleData(one.data, choices, options, depth);
  if (inner.kind === 'choice') return inner;
  return { ...inner, unless: mergeTexts(textsOf(one), inner.unless), from: one.from };
}

function textsOf({ unless }: Alternative): string[] {
  return unless.map(({ text }) => text);
}

const MAX_DEPTH = 40;

function settleData(data: Data, choices: Choices, options: Settling, depth: number): Settled | Choice {
  if (--options.budget < 0) return settled(undefined, { because: 'it has more parts than are read' });
  if (depth > MAX_DEPTH) return settled(undefined, { because: 'it is nested too deeply' });
  switch (data.t) {
    case 'str':
      return settled(textOf(data.v, options));
    case 'path':
      return settled(relativePath(data.v, options.base));
    case 'number':
    case 'bool':
      return settled(data.v);
    case 'none':
      return settled(null);
    case 'unset':
      return settled(undefined, { unset: true });
    case 'list':
      return settleList(data, choices, options, depth);
    case 'dict':
      return settleDict(data, choices, options, depth);
    case 'unknown':
      return settled(undefined, { because: data.because });
    case 'call':
      return settled(undefined, { because: `it is what ${data.name}() returns at run time` });
    case 'ref':
      return settled(undefined, { because: `it is ${data.name}, from outside of the project` });
    default:
      return settled(undefined, { because: 'it is an object that exists only at run time' });
  }
}

/** A text; one that begins with the project's folder is a path, whichever way it was made. */
function textOf(text: string, options: ValueOptions): string {
  if (text.startsWith(PROJECT) && (text.length === PROJECT.length || text[PROJECT.length] === '/')) {
    return relativePath(text, options.base);
  }
  return text.replaceAll(PROJECT, '<project>');
}

function settleList(
  data: Extract<Data, { t: 'list' }>,
  choices: Choices,
  options: Settling,
  depth: number,
): Settled | Choice {
  const json: unknown[] = [];
  let because = data.rest;
  let unless: readonly string[] = [];
  for (const item of data.items) {
    const verdict = holds(item.when ?? [], choices);
    if (verdict === false) continue;
    if (verdict !== true) return verdict;
    const inner = settle(item.value, choices, options, depth + 1);
    if (inner.kind === 'choice') return inner;
    if (inner.unset) continue;
    because ??= partOf(inner);
    unless = mergeTexts(unless, inner.unless);
    json.push(inner.json);
  }
  return settled(json, { because, ofPart: data.rest === undefined, unless });
}

function settleDict(
  data: Extract<Data, { t: 'dict' }>,
  choices: Choices,
  options: Settling,
  depth: number,
): Settled | Choice {
  const json: [string, unknown][] = [];
  let because = data.rest;
  let unless: readonly string[] = [];
  for (const { key, value } of data.entries.values()) {
    const inner = settle(value, choices, options, depth + 1);
    if (inner.kind === 'choice') return inner;
    if (inner.unset) continue;
    because ??= partOf(inner);
    unless = mergeTexts(unless, inner.unless);
    const name = settleData(key, choices, options, depth + 1);
    json.push([name.kind === 'settled' ? String(name.json) : '', inner.json]);
  }
  return settled(Object.fromEntries(json), { because, ofPart: data.rest === undefined, unless });
}

function partOf({ because, ofPart }: Settled): string | undefined {
  return because === undefined || ofPart ? because : `a part of it: ${because}`;
}
