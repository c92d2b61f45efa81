import type { WebServer } from '../contract/unit.ts';
import { apache } from './apache/unit.ts';
import { nginx } from './nginx/unit.ts';

/** The recommended one first. */
export const webServers: readonly WebServer[] = [nginx, apache];
