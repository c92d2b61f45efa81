/**
 * Loads the program with the code that V8 compiled for it in an earlier run: compiling is a third of a short command's
 * time. Node.js 20 cannot do this by itself, and what newer ones do (module.enableCompileCache) saves less.
 * https://nodejs.org/api/vm.html#new-vmscriptcode-options
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { canonical, isInside } from './programs.ts';

/**
 * The exports of a CommonJS file.
 *
 * @param file Absolute path.
 * @param key Names the file's text and what it is loaded for; V8 itself tells texts apart by their length alone.
 * @param untrusted Folders that somebody else may have filled. Compiled code is neither taken from there nor kept there.
 */
export function requireCompiled(file: string, key: string, untrusted: readonly string[]): unknown {
  // The build writes ASCII, which is read fastest as Latin-1.
  const source = readFileSync(file, 'latin1');
  const folder = cacheFolder();
  const cache = join(folder, `${key}-${process.version}-${process.arch}`);
  const isKept = !untrusted.some((other) => isInside(canonical(folder), canonical(other)));
  const cachedData = isKept ? readOwn(cache) : undefined;
  const script = new Script(module.wrap(source), { filename: file, ...(cachedData && { cachedData }) });
  if (isKept && (cachedData === undefined || script.cachedDataRejected)) {
    process.once('exit', () => keep(cache, script.createCachedData()));
  }
  const loaded = { exports: {} as unknown };
  script.runInThisContext()(loaded.exports, createRequire(file), loaded, file, dirname(file));
  return loaded.exports;
}

/** https://specifications.freedesktop.org/basedir-spec/latest/ */
function cacheFolder(): string {
  const base = process.env.XDG_CACHE_HOME;
  return join(base?.startsWith('/') ? base : join(homedir(), '.cache'), 'deploy-scaffold');
}

/** Compiled code is run unseen, so only what this very user wrote, where nobody else can write, is taken. */
function readOwn(path: string): Buffer | undefined {
  try {
    const trusted = [dirname(path), path].every((entry) => {
      const { uid, mode } = statSync(entry);
      return uid === process.getuid?.() && (mode & 0o022) === 0;
    });
    return trusted ? readFileSync(path) : undefined;
  } catch {
    // There is none yet, or it cannot be read: then the code is compiled as ever.
    return undefined;
  }
}

function keep(path: string, data: Buffer): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(`${path}.${process.pid}`, data, { mode: 0o600 });
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    // A home that cannot be written, or a full disk: the next run compiles again, and nothing else is lost.
  }
}
