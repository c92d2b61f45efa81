import type { Code } from './diagnostics.ts';

/**
 * What is said to a person who has to know of it, or to do something: a problem of the answers or of how a command was
 * used, a finding about the files or the project, advice on a setting, a refusal. All of them are one of these, with
 * more beside it where one kind has more to say.
 */
export interface Diagnostic {
  /** Which kind it is; docs/diagnostics.md says more of it. */
  code: Code;
  /** `unchecked`: the tool is not here, or cannot judge here; a failure only with --strict. */
  level: 'error' | 'warning' | 'unchecked';
  /** Who says it: "nginx", "systemd-analyze", "project"; undefined where deploy-scaffold says it of itself. */
  tool?: string;
  /** The file as the person knows it; undefined where it is about none. */
  file?: string;
  /** From 1. */
  line?: number;
  message: string;
  /** What to do. */
  remedy: string;
  /** The setting of the app that it is about. */
  setting?: string;
  /** Why a person lets it pass, in their words; undefined where nobody does. */
  accepted?: string;
}
