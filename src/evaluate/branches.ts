/** Ways through a program of which one is taken: what each makes of the names, and what holds after both. */

import { join, mergeProvisos, mergeWhen, withUnless } from './alternatives.ts';
import { type Condition, NOT_SET, type Proviso, type Scope, type When } from './data.ts';
import { bind, type Frame, find, uncertainly, under } from './run.ts';

/** Lays a scope over the frame's, to walk a branch in. */
export function branch(frame: Frame, ...when: Frame['path']): Frame {
  const scope: Scope = { kind: 'branch', names: new Map(), parent: frame.scope };
  return { ...frame, scope, path: mergeWhen(frame.path, when) ?? frame.path };
}

/** Takes over what a branch made of the names. */
export function adopt(frame: Frame, from: Frame): void {
  for (const [name, value] of from.scope.names) frame.scope.names.set(name, value);
}

function changedNames(...frames: Frame[]): Set<string> {
  return new Set(frames.flatMap((one) => [...one.scope.names.keys()]));
}

/** Binds what two branches made of each name, under the condition that leads to the first. */
export function joinBranches(frame: Frame, condition: Condition, yes: Frame, no: Frame): void {
  for (const name of changedNames(yes, no)) {
    bind(frame, name, join(condition, find(yes.scope, name) ?? NOT_SET, find(no.scope, name) ?? NOT_SET));
  }
}

/** Binds what the branch that production takes made of each name; where the other differs, that is said. */
export function choose(frame: Frame, taken: Frame, other: Frame, unless: readonly Proviso[]): void {
  for (const name of changedNames(taken, other)) {
    const value = find(taken.scope, name) ?? NOT_SET;
    bind(frame, name, value === find(other.scope, name) ? value : withUnless(value, ...unless));
  }
}

/**
 * Walks two ways of which the source does not say which is taken.
 * @returns whether execution goes on after either.
 */
export function fork(
  frame: Frame,
  condition: Condition,
  yes: (inner: Frame) => boolean,
  no: (inner: Frame) => boolean,
): boolean {
  const one = walkBranch(frame, { condition, is: true }, yes);
  const other = walkBranch(frame, { condition, is: false }, no);
  if (one.lives && other.lives) {
    joinBranches(frame, condition, one.frame, other.frame);
    return true;
  }
  if (!one.lives && !other.lives) return false;
  const [survivor, dead] = one.lives ? [one, other] : [other, one];
  adopt(frame, survivor.frame);
  // A branch that raised an error leaves nothing to tell apart; one that returned a value does.
  if (dead.returned) frame.path = survivor.frame.path;
  return true;
}

interface WalkedBranch {
  frame: Frame;
  lives: boolean;
  returned: boolean;
}

function walkBranch(frame: Frame, when: When, walk: (inner: Frame) => boolean): WalkedBranch {
  const inner = branch(frame, when);
  const before = frame.returns?.length ?? 0;
  const lives = under(frame.run, when, () => uncertainly(frame.run, true, () => walk(inner)));
  return { frame: inner, lives, returned: (frame.returns?.length ?? 0) > before };
}

/** Walks the way that production takes, and the other one only to know what it would change. */
export function prefer(
  frame: Frame,
  unless: readonly Proviso[],
  taken: (inner: Frame) => boolean,
  other: (inner: Frame) => boolean,
): boolean {
  const one = branch(frame);
  one.pathUnless = mergeProvisos(frame.pathUnless, unless);
  const two = branch(frame);
  two.discard = true;
  const takenLives = taken(one);
  const otherLives = uncertainly(frame.run, true, () => other(two));
  if (takenLives && otherLives) choose(frame, one, two, unless);
  else if (takenLives) {
    adopt(frame, one);
    frame.pathUnless = one.pathUnless;
  } else if (otherLives && frame.returns === undefined) adopt(frame, two);
  return takenLives || (otherLives && frame.returns === undefined);
}
