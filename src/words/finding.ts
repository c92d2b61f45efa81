import type { Code } from './diagnostics.ts';

/** What a validator says about the generated files. */
export interface Finding {
  /** Which kind of finding it is; docs/diagnostics.md says more of it. */
  code: Code;
  /** Who says it: "nginx", "systemd-analyze", "settings". */
  tool: string;
  /** `unchecked`: the tool is not here, or cannot judge here; a failure only with --strict. */
  level: 'error' | 'warning' | 'unchecked';
  /** The file as the person knows it; undefined where the finding is about none. */
  file?: string;
  line?: number;
  message: string;
  /** What to do. */
  remedy: string;
}
