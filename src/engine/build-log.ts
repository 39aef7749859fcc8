/** One step of a build, in the order in which it began. */
export interface BuildStep {
  /** `[api 3/7] RUN npm ci`, as BuildKit names it. */
  readonly name: string;
  readonly cached: boolean;
  /** Seconds of work; 0 for a cached one. */
  readonly seconds: number;
  /** When it worked, by the engine's clock: milliseconds since 1970. Absent for a cached one. */
  readonly during?: readonly [from: number, to: number];
  readonly error?: string;
  /** Began and did not end: what a build that was stopped was at. */
  readonly running?: true;
  /** Loading, resolving and exporting, and FROM: not an instruction that could be cached or not. */
  readonly internal: boolean;
}

export interface BuildError {
  /** The engine's message without its prefixes. */
  readonly text: string;
  readonly step?: string;
  /** Dockerfile as the engine calls it, and its line. */
  readonly file?: string;
  readonly line?: number;
  /** The last lines that the failing step printed. */
  readonly log: readonly string[];
}

export interface BuildReport {
  readonly steps: readonly BuildStep[];
  /** Of the steps that are instructions. */
  readonly cached: number;
  readonly total: number;
  readonly warnings: readonly string[];
  /** The same as text: steps with what they printed, then the engine's closing words. */
  readonly plain: string;
  readonly error?: BuildError;
}

interface Vertex {
  digest: string;
  name: string;
  started?: string;
  completed?: string;
  cached?: boolean;
  error?: string;
}

interface Message {
  vertexes?: Vertex[];
  logs?: { vertex: string; data: string }[];
  warnings?: { short?: string }[];
}

/** A vertex with its longest time of work. */
type Seen = Vertex & { busy: number; from: number; to: number };

/** Splits output into JSON objects and the other lines. buildx 0.29 prints one object a line, 0.13 prints them indented over
 * many lines; errors come as plain text in between. */
export function splitMessages(output: string): { messages: unknown[]; text: string } {
  const messages: unknown[] = [];
  const text: string[] = [];
  let pending: string[] = [];
  for (const line of output.split('\n')) {
    if (pending.length > 0) {
      pending.push(line);
      // Only a closing brace in the first column can end an indented object.
      if (line.trimEnd() === '}') {
        const value = parsed(pending.join('\n'));
        if (value === undefined) text.push(...pending);
        else messages.push(value);
        pending = [];
      }
    } else if (line.startsWith('{')) {
      const value = parsed(line);
      if (value === undefined) pending = [line];
      else messages.push(value);
    } else text.push(line);
  }
  return { messages, text: [...text, ...pending].join('\n') };
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const internal =
  /^(\[internal\]|\[auth\]|exporting |resolve image config|docker-image:\/\/|importing cache|sending tarball|load (build definition|metadata)|local:\/\/|resolving provenance)|^\[[^\]]*\] FROM /;

/** Reads what `docker buildx build --progress=rawjson` printed. Pure. */
export function readBuildLog(output: string): BuildReport {
  const { messages, text } = splitMessages(output);
  const vertexes = new Map<string, Seen>();
  const logs = new Map<string, string>();
  const warnings: string[] = [];
  for (const message of messages as Message[]) {
    for (const vertex of message.vertexes ?? []) {
      const [from, to] =
        vertex.started && vertex.completed ? [Date.parse(vertex.started), Date.parse(vertex.completed)] : [0, 0];
      const busy = (to - from) / 1000;
      const seen = vertexes.get(vertex.digest);
      // A vertex is announced, begun and completed; internal ones complete more than once.
      const longest = seen !== undefined && seen.busy >= busy && seen.to > 0 ? seen : { busy, from, to };
      vertexes.set(vertex.digest, {
        ...seen,
        ...vertex,
        busy: longest.busy,
        from: longest.from,
        to: longest.to,
      });
    }
    for (const log of message.logs ?? []) {
      logs.set(log.vertex, (logs.get(log.vertex) ?? '') + decode(log.data));
    }
    for (const warning of message.warnings ?? []) if (warning.short) warnings.push(decode(warning.short));
  }
  const began = beginning([...vertexes.values()]);
  for (const vertex of vertexes.values()) if (replayed(vertex, began)) vertex.cached = true;
  const steps = [...vertexes.values()].map((vertex): BuildStep => {
    const worked = vertex.cached !== true && vertex.to > 0;
    return {
      name: vertex.name,
      cached: vertex.cached === true,
      seconds: worked ? vertex.busy : 0,
      ...(worked ? { during: [vertex.from, vertex.to] as const } : {}),
      internal: internal.test(vertex.name),
      ...(vertex.error === undefined ? {} : { error: vertex.error }),
      ...(vertex.started !== undefined && vertex.completed === undefined ? { running: true as const } : {}),
    };
  });
  const counted = steps.filter((step) => !step.internal);
  const error = buildError(text, [...vertexes.values()], logs);
  return {
    steps,
    cached: counted.filter((step) => step.cached).length,
    total: counted.length,
    warnings,
    plain: plainText([...vertexes.values()], logs, text),
    ...(error === undefined ? {} : { error }),
  };
}

/** When this build began. Reading the Dockerfile is done anew by every build, whatever the engine still remembers. */
function beginning(vertexes: readonly Seen[]): number {
  const read = vertexes.filter(
    (vertex) => /^\[internal\] load build definition|^local:\/\//.test(vertex.name) && vertex.from > 0,
  );
  return read.length === 0 ? 0 : Math.min(...read.map((vertex) => vertex.from));
}

/** A result that an earlier build has left in the daemon's memory is not marked as cached: its events come again as they were,
 * with the times of that build. */
function replayed(vertex: Seen, began: number): boolean {
  return vertex.error === undefined && vertex.to > 0 && vertex.to < began;
}

function plainText(
  vertexes: readonly (Vertex & { busy: number })[],
  logs: ReadonlyMap<string, string>,
  text: string,
): string {
  const lines = vertexes.map((vertex) => {
    const how =
      vertex.cached === true ? 'CACHED' : vertex.completed === undefined ? 'not ended' : `${vertex.busy.toFixed(1)}s`;
    const failed = vertex.error === undefined ? '' : `\nERROR ${vertex.error}`;
    return `${vertex.name}  ${how}\n${logs.get(vertex.digest) ?? ''}`.trimEnd() + failed;
  });
  return `${[...lines, text.trim()].join('\n')}\n`;
}

function buildError(
  text: string,
  vertexes: readonly Vertex[],
  logs: ReadonlyMap<string, string>,
): BuildError | undefined {
  const said = /^(?:ERROR|error): *([\s\S]*?)$/m.exec(text)?.[1];
  // Parallel steps are cancelled when one fails: they are not the cause.
  const failing = vertexes.find((vertex) => vertex.error && !/context canceled|CANCELED/i.test(vertex.error));
  if (said === undefined && failing === undefined) return undefined;
  const place = /^(\S[^\n]*):(\d+)\n-{10,}/m.exec(text);
  const log = failing === undefined ? '' : (logs.get(failing.digest) ?? '');
  const file = place?.[1];
  return {
    text: cleaned(said ?? failing?.error ?? ''),
    ...(failing === undefined ? {} : { step: failing.name }),
    ...(file === undefined ? {} : { file, line: Number(place?.[2]) }),
    log: log
      .split(/\r?\n|\r/)
      .map((line) => line.trimEnd())
      .filter((line) => line !== '')
      .slice(-12),
  };
}

function cleaned(text: string): string {
  return text
    .replace(/^(failed to build: |failed to solve: |rpc error: [^:]*: [^:]*: )+/g, '')
    .replace(/failed to calculate checksum of ref [^ ]+: /, '')
    .trim();
}

function decode(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
}
