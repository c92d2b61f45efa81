/** Signals that ask the process to end, and processes that may have been ended by one. */

export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Signals {
  /** Has one come until now? */
  caught(): Promise<boolean>;
  /** From now on they end the process as ever. */
  stop(): void;
}

/** Keeps signals from ending the process in the middle of something. */
export function noticeSignals(): Signals {
  let isCaught = false;
  const note = () => {
    isCaught = true;
  };
  for (const signal of SIGNALS) process.on(signal, note);
  return {
    async caught() {
      // Node hands them over once in each turn of its loop, before what is asked for "immediately".
      await new Promise((done) => setImmediate(done));
      await new Promise((done) => setImmediate(done));
      return isCaught;
    },
    stop() {
      for (const signal of SIGNALS) process.off(signal, note);
    },
  };
}

/** Is there a process of this number? */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
