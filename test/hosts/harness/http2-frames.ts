/**
 * HTTP/2 written by hand, for what no client library would send: https://www.rfc-editor.org/rfc/rfc9113 and, for
 * headers, the plainest form of https://www.rfc-editor.org/rfc/rfc7541
 */

/** https://www.rfc-editor.org/rfc/rfc9113#section-6 */
export const FRAMES = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  push: 5,
  ping: 6,
  goAway: 7,
  window: 8,
  continuation: 9,
} as const;

export const FLAGS = { endStream: 1, acknowledge: 1, endHeaders: 4 } as const;

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

/** A frame with this payload. */
export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Headers as they are, whatever is in them: literal, not indexed, not compressed. */
export function headerBlock(headers: readonly (readonly [name: string, value: string])[]): Buffer {
  return Buffer.concat(headers.flatMap(([name, value]) => [Buffer.from([0]), literal(name), literal(value)]));
}

/** https://www.rfc-editor.org/rfc/rfc7541#section-5 */
function literal(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const length = [127];
  let rest = bytes.length - 127;
  for (; rest >= 128; rest >>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}

/** The start of a connection, with these settings, and nothing asked for. */
export function greeting(settings: readonly (readonly [id: number, value: number])[] = []): Buffer {
  const payload = Buffer.alloc(6 * settings.length);
  for (const [at, [id, value]] of settings.entries()) {
    payload.writeUInt16BE(id, 6 * at);
    payload.writeUInt32BE(value, 6 * at + 2);
  }
  return Buffer.concat([PREFACE, frame(FRAMES.settings, 0, 0, payload)]);
}

/** All that came as body of any stream, in the order in which it came. */
export function bodies(received: Buffer): string {
  let text = '';
  for (let at = 0; at + 9 <= received.length; ) {
    const length = received.readUIntBE(at, 3);
    if (received[at + 3] === FRAMES.data) text += received.toString('latin1', at + 9, at + 9 + length);
    at += 9 + length;
  }
  return text;
}
