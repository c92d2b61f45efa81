/** FastAPI, with WebSockets and event streams. */
import { conformance } from './suite.ts';

conformance('fastapi');
