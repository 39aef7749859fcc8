/** The parts of `docker image inspect` that are measured. */
export interface ImageConfig {
  readonly id: string;
  readonly size: number;
  readonly user: string;
  readonly env: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly diffIds: readonly string[];
  readonly history: readonly string[];
  readonly hasHealthcheck: boolean;
  readonly exposed: readonly string[];
}

interface Inspected {
  Id?: string;
  Size?: number;
  Config?: {
    User?: string;
    Env?: string[] | null;
    Labels?: Record<string, string> | null;
    Healthcheck?: { Test?: string[] } | null;
    ExposedPorts?: Record<string, unknown> | null;
  };
  RootFS?: { Layers?: string[] | null };
}

/** Reads the JSON of `docker image inspect` (one image); undefined when it is none. */
export function readImageConfig(json: string, history: readonly string[] = []): ImageConfig | undefined {
  const [image] = JSON.parse(json) as Inspected[];
  if (image?.Id === undefined) return undefined;
  const test = image.Config?.Healthcheck?.Test;
  return {
    id: image.Id,
    size: image.Size ?? 0,
    user: image.Config?.User ?? '',
    env: image.Config?.Env ?? [],
    labels: image.Config?.Labels ?? {},
    diffIds: image.RootFS?.Layers ?? [],
    history,
    hasHealthcheck: test !== undefined && test.length > 0 && test[0] !== 'NONE',
    exposed: Object.keys(image.Config?.ExposedPorts ?? {}),
  };
}
