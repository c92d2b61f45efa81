/** Which answers each part of the plan follows from: recorded while it is made, never declared beside it. */
import type { LazyParts } from '../contract/lazy.ts';

/** Answers that were read to make a part, and what it is in; in that order. */
type Origin = ReadonlySet<string>;

/** The origin of each part by its path ("static.0.url"; "" for the whole). */
export type Origins = ReadonlyMap<string, Origin>;

export interface Traced<Whole> {
  /** Plain data, in the order in which it was written down. */
  value: Whole;
  origins: Origins;
}

/** A part that was made. */
interface Part {
  from: Origin;
  /** A single value; or an object or a list as others see it, in which each part is made when they read it. */
  view: unknown;
  /** What is in an object or a list. */
  inner?: ReadonlyMap<string, Part | Unmade>;
}

/** Makes a part at its first call. */
type Unmade = () => Part;

/** Marks a part as others see it. */
const VIEW = Symbol('view');

const isWhole = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * Makes a whole of lazy parts, each when it is first read.
 *
 * @param make Is given the answers and the whole itself, whose parts may be read in the functions that make others.
 * @throws Error where a part follows from itself, or where somebody wants all answers at once: then nothing would tell
 *   which of them matter.
 */
export function trace<Whole extends object, Answers extends object>(
  answers: Answers,
  make: (answers: Answers, whole: Whole) => LazyParts<Whole>,
): Traced<Whole> {
  /** What the part that is being made has read so far. */
  let reads: Origin = new Set();
  const note = (name: string | symbol) => {
    if (typeof name === 'string' && !reads.has(name)) reads = new Set(reads).add(name);
  };

  const watched = new Proxy(answers, {
    get(all, name) {
      note(name);
      return Reflect.get(all, name);
    },
    has(all, name) {
      note(name);
      return Reflect.has(all, name);
    },
    getOwnPropertyDescriptor(all, name) {
      note(name);
      return Reflect.getOwnPropertyDescriptor(all, name);
    },
    ownKeys: () => {
      throw new Error('the answers are read by their names, each where it matters');
    },
  });

  function part(written: () => unknown, around: Origin): Unmade {
    let made: Part | 'being made' | undefined;
    return () => {
      if (made === 'being made')
        throw new Error(
          'a part of the plan follows from itself: what it reads of the plan, it reads too early',
        );
      if (made !== undefined) return made;
      made = 'being made';
      const outer = reads;
      reads = around;
      try {
        let value = written();
        while (typeof value === 'function') value = value();
        made = isWhole(value) ? opened(value, reads) : { from: reads, view: value };
      } catch (error) {
        made = undefined;
        throw error;
      } finally {
        reads = outer;
      }
      return made;
    };
  }

  function opened(value: object, from: Origin): Part {
    const isView = Reflect.get(value, VIEW) === true;
    const inner = new Map<string, Part | Unmade>();
    for (const name of Object.keys(value)) {
      // Of another part, what is in it is read for the part here that takes it over.
      const written: unknown = isView ? () => Reflect.get(value, name) : Reflect.get(value, name);
      const isLazy = typeof written === 'function' || isWhole(written);
      inner.set(name, isLazy ? part(() => written, from) : { from, view: written });
    }
    // A copy: of what is frozen, a proxy may give nothing but what is there. To copy a view would be to read all of it.
    const copy = () => (Array.isArray(value) ? [...value] : { ...value });
    const view = new Proxy(isView ? value : copy(), {
      get(all, name) {
        if (name === VIEW) return true;
        const one = typeof name === 'string' ? inner.get(name) : undefined;
        return one === undefined ? Reflect.get(all, name) : seen(one);
      },
    });
    return { from, view, inner };
  }

  /** Whoever reads a part follows from what it follows from. */
  function seen(one: Part | Unmade): unknown {
    const { from, view } = made(one);
    from.forEach(note);
    return view;
  }

  const origins = new Map<string, Origin>();
  function settled({ view, from, inner }: Part, path: string): unknown {
    origins.set(path, from);
    if (inner === undefined) return view;
    const parts = [...inner].map(
      ([name, one]) => [name, settled(made(one), path === '' ? name : `${path}.${name}`)] as const,
    );
    return Array.isArray(view) ? parts.map(([, value]) => value) : Object.fromEntries(parts);
  }

  const root = part(() => make(watched, whole), new Set());
  const byName = () => {
    throw new Error('the parts of the plan are read by their names, each where it matters');
  };
  const whole = new Proxy({} as Whole, {
    get: (_, name) => Reflect.get(Object(seen(root)), name),
    has: byName,
    ownKeys: byName,
  });
  return { value: settled(root(), '') as Whole, origins };
}

const made = (one: Part | Unmade): Part => (typeof one === 'function' ? one() : one);

/** The answers that a place of the plan ("static.0.url") follows from; none for what is always the same. */
export function answersBehind(path: string, origins: Origins): readonly string[] {
  const parts = path.split('.');
  while (parts.length > 0 && !origins.has(parts.join('.'))) parts.pop();
  return [...(origins.get(parts.join('.')) ?? [])];
}
