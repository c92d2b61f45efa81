/** Processes and pauses. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What a program said, and how it ended. */
export interface Result {
  /** The exit status; 128 and more for a signal. */
  status: number;
  stdout: string;
  stderr: string;
}

/** Waits so many milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Asks again and again until there is an answer. */
export async function until<Value>(
  what: string,
  seconds: number,
  ask: () => Value | undefined | Promise<Value | undefined>,
): Promise<Value> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await ask();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await pause(50);
  }
}

/** Whether the process exists, zombies left aside. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Runs a program to its end. */
export function execute(
  command: readonly string[],
  options: { input?: string | Buffer; cwd?: string; seconds?: number } = {},
): Promise<Result> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: options.cwd, stdio: 'pipe' });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    const limit = setTimeout(() => child.kill('SIGKILL'), (options.seconds ?? 300) * 1000);
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    // A program may end without having read its input.
    child.stdin.on('error', () => {});
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      const note = signal === null ? '' : `\n(ended by ${signal})`;
      resolve({
        status: code ?? 128,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8') + note,
      });
    });
    child.stdin.end(options.input ?? '');
  });
}

/** Runs a program that has to succeed; what it printed. */
export async function succeed(
  command: readonly string[],
  options: { input?: string | Buffer; cwd?: string; seconds?: number } = {},
): Promise<string> {
  const { status, stdout, stderr } = await execute(command, options);
  if (status !== 0) throw new Error(`${command.join(' ')}: exit ${status}\n${stdout}${stderr}`);
  return stdout;
}
