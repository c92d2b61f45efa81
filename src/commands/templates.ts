/** The templates, compiled when deploy-scaffold was built (scripts/templates.mjs). */
import { templates as compiled } from '#templates';
import type { CompiledTemplate } from '../render/template.ts';

export const templates: Readonly<Record<string, CompiledTemplate>> = compiled;
