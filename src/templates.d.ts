/** Written by scripts/templates.mjs. */
declare module '#templates' {
  import type { CompiledTemplate } from './render/template.ts';
  export const templates: Record<string, CompiledTemplate>;
}
