/** Settings of an app that must agree with the proxy in front: as they should be, and as a project has them. */
import type { Advice } from '../detect/advice.ts';
import type { Detection } from '../detect/detection.ts';
import type { Evidence } from '../detect/value.ts';

/** A setting as it should be. */
export interface Wanted {
  setting: string;
  write: string;
  why: string;
  /** Does this value do? */
  fits(value: unknown): boolean;
  /** Whatever the environment says will do. */
  environmentFits?: boolean;
  /** Is Django's own default good, where nothing sets it? */
  defaultFits?: boolean;
}

export const python = (value: unknown) => JSON.stringify(value);
export const isList = (value: unknown): value is unknown[] => Array.isArray(value);

/** What to say of one setting, from what was read of it. */
export function adviceOn(
  framework: string,
  wanted: Wanted & { docs: string },
  detection: Detection | undefined,
): Advice {
  const { setting, write, why, docs } = wanted;
  return { setting, write, why, docs, ...judge(framework, wanted, detection) };
}

type Judged = Pick<Advice, 'state' | 'found' | 'from'>;

function judge(framework: string, wanted: Wanted, detection: Detection | undefined): Judged {
  const value = detection?.settings[wanted.setting];
  if (value === undefined) return { state: 'unknown', found: 'not read', from: [] };
  switch (value.kind) {
    case 'absent':
      return wanted.defaultFits
        ? { state: 'set', found: `${framework}'s default`, from: [] }
        : { state: 'unset', found: 'not set', from: detection?.belongs ?? [] };
    case 'known':
      return verdict(wanted.fits(value.value), shown(value.value), value.from);
    case 'default':
      return wanted.fits(value.value)
        ? { state: 'set', found: `${shown(value.value)}, unless ${value.unless}`, from: value.from }
        : { state: 'environment', found: `${shown(value.value)}, unless ${value.unless}`, from: value.from };
    case 'one-of': {
      const from = value.options.flatMap((option) => option.from);
      const found = value.options.map((option) => `${shown(option.value)} ${option.when}`).join('; ');
      return {
        state: value.options.every((option) => wanted.fits(option.value)) ? 'set' : 'environment',
        found,
        from,
      };
    }
    case 'unknown':
      return {
        state: wanted.environmentFits ? 'set' : 'environment',
        found: value.because,
        from: value.from,
      };
  }
}

function verdict(fits: boolean, found: string, from: Evidence[]): Judged {
  return { state: fits ? 'set' : 'different', found, from };
}

function shown(value: unknown): string {
  // Detection never carries a secret around; this is what it puts in its place.
  if (value === '<literal>') return 'written in the source';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
