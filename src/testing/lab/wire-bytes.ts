import { joinBytes, type Step } from '../upstream/step.ts';

const encoder = new TextEncoder();

/** Text as a step that goes past HTTP. */
export function bare(text: string | Uint8Array): Step {
  return { kind: 'bytes', bytes: typeof text === 'string' ? encoder.encode(text) : text, bare: true };
}

/** A response head as bytes, with these headers and no others. */
export function headBytes(status: number, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} OK\r\n${lines.join('')}\r\n`;
}

/** One chunk of the chunked transfer coding. */
export function chunkBytes(bytes: Uint8Array): Uint8Array {
  return joinBytes([encoder.encode(`${bytes.length.toString(16)}\r\n`), bytes, encoder.encode('\r\n')]);
}

/** How a response is framed by hand. */
export interface Framing {
  /** The head's headers, from those it would have had and the bytes of the body. */
  readonly headers: (
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
  ) => Readonly<Record<string, string>>;
  /** Each write of the body. @default as it is */
  readonly piece?: (bytes: Uint8Array) => Uint8Array;
  /** In place of the end. */
  readonly end: readonly Step[];
}

/** The same response with head and framing of one's own, past HTTP. Only the body's writes and waits stay. */
export function reframed(steps: readonly Step[], { headers, piece, end }: Framing): Step[] {
  const body = joinBytes(steps.flatMap((step) => (step.kind === 'bytes' ? [step.bytes] : [])));
  return steps.flatMap((step): readonly Step[] => {
    switch (step.kind) {
      case 'head':
        return [bare(headBytes(step.status, headers(step.headers, body)))];
      case 'bytes':
        return step.bytes.length === 0 ? [] : [bare(piece ? piece(step.bytes) : step.bytes)];
      case 'end':
        return end;
      default:
        return [step];
    }
  });
}

/** Every write of a body, rewritten as text. */
export function mapText(
  steps: readonly Step[],
  change: (text: string, nth: number) => string | Uint8Array | readonly string[],
): Step[] {
  const decoder = new TextDecoder();
  let nth = 0;
  return steps.flatMap((step): readonly Step[] => {
    if (step.kind !== 'bytes') return [step];
    const changed = change(decoder.decode(step.bytes), nth++);
    const parts = typeof changed === 'string' || changed instanceof Uint8Array ? [changed] : changed;
    return parts.map((part) => ({
      kind: 'bytes',
      bytes: typeof part === 'string' ? encoder.encode(part) : part,
    }));
  });
}
