import type { Diagnostic } from '../words/diagnostic.ts';
import type { Code } from '../words/diagnostics.ts';

/** An error for the person who runs the tool: what was wrong, and what to do. Anything else that is thrown is a bug. */
export class UserError extends Error {
  override name = 'UserError';
  readonly diagnostic: Diagnostic;
  /** @param remedy What to do next. */
  constructor(
    code: Code,
    message: string,
    remedy: string,
    /** 1: something was found; 2: wrong use or invalid answers. */
    readonly exitCode: 1 | 2 = 2,
  ) {
    super(message);
    this.diagnostic = { code, level: 'error', message, remedy };
  }
}

/** Codes of our own, beside those of the file system. */
export const LINK_ON_THE_WAY = 'LINK_ON_THE_WAY';
export const LINK_OUT = 'LINK_OUT';

const REASONS: Record<string, string> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'something else is there already',
  EIO: 'the disk reports an error',
  EISDIR: 'it is a folder',
  ELOOP: 'a symbolic link leads back to itself',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'it does not exist',
  ENOSPC: 'no space is left on the disk',
  ENOTDIR: 'a part of the path is not a folder',
  EPERM: 'not permitted',
  EROFS: 'the disk is read-only',
  [LINK_ON_THE_WAY]: 'a folder on the way is a symbolic link, and none is followed there',
  [LINK_OUT]: 'it is a symbolic link that leads out of the folder',
};

/** A file system error in plain words; undefined where it is no such error, and so a bug. */
export function fileReason(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? REASONS[code] : undefined;
}
