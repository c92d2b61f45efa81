/** Where the tests' own cache is. */
export const CACHE: string;
/** The virtual environment of Python programs that the tests ask. */
export const PYTHON_TOOLS: string;
/** The Node.js versions that are tried. */
export const NODES: readonly string[];
/** Debian systems by target, with the names of their releases. */
export const SYSTEMS: Readonly<Record<string, string>>;
/** The folder of a target's small Debian system, or undefined where it was not built. */
export function systemFolder(target: string): string | undefined;
/** A Node.js binary by version, or undefined where it was not fetched. */
export function nodeBinary(version: string): string | undefined;
/** The folder of the wheel that brings Node.js to Python, or undefined where it was not fetched. */
export function nodeWheelFolder(): string | undefined;
/** Brings to this machine what the tests need. */
export function provision(): void;
/** Does what a registry's time-out can end, up to three times; each further try is said. */
export function patiently<Value>(what: string, action: () => Value): Value;
