import type { ProcessManager } from '../contract/unit.ts';
import { circus } from './circus.ts';
import { supervisord } from './supervisord.ts';
import { systemd } from './systemd.ts';

/** The recommended one first. */
export const processManagers: readonly ProcessManager[] = [systemd, supervisord, circus];
