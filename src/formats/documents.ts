/** Data files, as far as they can be read: who uses one that cannot is told of it by its own program. */
import { parse } from 'smol-toml';

/** A table of a data file; undefined for what is none. */
export function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** The table that a TOML file is; undefined where it is none. https://toml.io/ */
export function parseToml(text: string): Record<string, unknown> | undefined {
  return parsed(() => parse(text));
}

/** The table that a JSON file is; undefined where it is none. */
export function parseJson(text: string): Record<string, unknown> | undefined {
  return parsed(() => JSON.parse(text));
}

function parsed(read: () => unknown): Record<string, unknown> | undefined {
  try {
    return record(read());
  } catch {
    // Half-written, or another format: the caller says what that means.
    return undefined;
  }
}
