/** What one test process of the machine does at a time. */
import { mkdirSync, readlinkSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { CACHE } from '../../../scripts/provision.mjs';
import { isAlive, pause } from './processes.ts';

/**
 * A lock that names its holder, so that one of a dead process does not count.
 *
 * @param path A link that is there as long as the lock is held.
 * @returns What gives it back.
 * @throws Error that names the holder, where it is not to be had within so many seconds.
 */
export async function lock(path: string, seconds: number): Promise<() => void> {
  mkdirSync(dirname(path), { recursive: true });
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    try {
      symlinkSync(String(process.pid), path);
      return () => unlinkSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = holderOf(path);
    if (holder !== undefined && !isAlive(holder)) rmSync(path, { force: true });
    else await pause(200);
  }
  throw new Error(`${path} was held by process ${holderOf(path)} for ${seconds} s`);
}

function holderOf(path: string): number | undefined {
  try {
    return Number(readlinkSync(path));
  } catch {
    return undefined;
  }
}

/** Work for more than this many processors each is no quiet. */
const BUSY = 1.5;

/** What is to be said of a measurement that begins now, if anything: that others had the processors too. */
export function noQuiet(): string | undefined {
  const [minute = 0] = loadavg();
  const processors = availableParallelism();
  return minute > BUSY * processors
    ? `without quiet: in the minute before, ${minute.toFixed(1)} processes wanted ${processors} processors`
    : undefined;
}

/** How long one that measures may wait for others that do, in seconds. */
export const TURN = 900;

/** The only one that measures on this machine: whoever else does waits. */
export function measuring(): Promise<() => void> {
  return lock(join(CACHE, 'measuring.lock'), TURN);
}
