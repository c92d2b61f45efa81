/**
 * How a part of the plan is written down: a value that is always the same, or a function that makes it. What the
 * function reads of the answers and of other parts is what the part follows from; plan/trace.ts records it. So each
 * reads for itself, inside: what is read outside of all functions counts for everything around it.
 *
 *     { notifies: true, version: () => answers['gunicorn-version'] }
 */
export type Lazy<Part> = LazyParts<Part> | (() => Lazy<Part>);

/** The same of a part that is there in any case, for all that is in it. */
export type LazyParts<Part> = Part extends readonly (infer Item)[]
  ? readonly Lazy<Item>[]
  : Part extends object
    ? { [Name in keyof Part]: Lazy<Part[Name]> }
    : Part;
