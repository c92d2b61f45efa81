import type { Finding } from './finding.ts';
import type { Evidence } from './value.ts';

/** One setting that the app itself must have, to agree with the rest of the deployment. */
export interface Advice {
  /** "ALLOWED_HOSTS" */
  setting: string;
  /** The line to write: `ALLOWED_HOSTS = ["shop.example"]`. */
  write: string;
  /** One sentence: what goes wrong without it. */
  why: string;
  docs: string;
  /**
   * "set" as it should be; "unset"; "different" from what it should be; "environment": it is read from the
   * environment, where `write` says what to put; "unknown": it cannot be read from the source.
   */
  state: 'set' | 'unset' | 'different' | 'environment' | 'unknown';
  /** The app does not have it right, and a release can bring it. */
  lacks?: true;
  /** How bad it is where it is unset or different; a warning unless it says so. */
  level?: Finding['level'];
  /** What was found, in a few words. */
  found: string;
  from: Evidence[];
  /** Why a person lets it pass, where it is wrong. */
  accepted?: string;
}

/** Is it wrong for sure? */
export const isWrong = ({ state }: Pick<Advice, 'state'>) => state === 'unset' || state === 'different';

const AGAIN =
  'Run "deploy-scaffold init" again: a release then brings it. If you gave the list `brings` yourself, add it to that. Or do it yourself. ';

/** Settings that are wrong for sure, as findings; the others are only listed. */
export function adviceFindings(advice: readonly Advice[], framework: string): Finding[] {
  return advice.filter(isWrong).map(
    ({ setting, found, write, why, docs, lacks, accepted, level = 'warning', from: [place] }): Finding => ({
      code: 'setting-wrong',
      tool: framework,
      level,
      ...(place && { file: place.file, line: place.line }),
      message: `${setting} is ${found}. ${why}`,
      remedy: `${lacks === true ? AGAIN : ''}Write: ${write}   (${docs})`,
      setting,
      ...(accepted !== undefined && { accepted }),
    }),
  );
}
