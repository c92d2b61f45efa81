/** "file > imported file" for each import of a room that is further up. */
export function upwards(): string[];
/** Files that are in no room. */
export function homeless(): string[];
/** "file > imported file" for each import of one command by another. */
export function betweenCommands(): string[];
/** Files of detection that are loaded with the JSON Schema. */
export function detectionInSchema(): Promise<string[]>;
/** How often init renders the kit. */
export function rendersOfInit(): Promise<number>;
