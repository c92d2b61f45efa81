import type { ProcessManager } from '../unit.ts';
import { systemd } from './systemd.ts';

/** The recommended one first. */
export const processManagers: readonly ProcessManager[] = [systemd];
