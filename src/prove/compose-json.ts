/** A compose model as `docker compose config --format json` prints it: only what is changed here has a type. */
export interface ComposeJson {
  name?: string;
  services?: Record<string, ServiceJson>;
  networks?: Record<string, Record<string, unknown> | null>;
  volumes?: Record<string, Record<string, unknown> | null>;
  secrets?: Record<string, Record<string, unknown>>;
  configs?: Record<string, Record<string, unknown>>;
  [key: string]: unknown;
}

export interface ServiceJson extends Record<string, unknown> {
  build?: BuildJson;
  image?: string;
  ports?: { target: number; protocol?: string; published?: string; host_ip?: string; mode?: string }[];
  networks?: Record<string, Record<string, unknown> | null>;
  volumes?: VolumeJson[];
  depends_on?: Record<string, { condition?: string }>;
  restart?: string;
  healthcheck?: Record<string, unknown>;
  labels?: Record<string, string>;
}

export interface BuildJson extends Record<string, unknown> {
  context?: string;
  dockerfile?: string;
  dockerfile_inline?: string;
  target?: string;
  args?: Record<string, string | null>;
  secrets?: { source: string; target?: string }[];
  additional_contexts?: Record<string, string>;
  platforms?: string[];
}

export interface VolumeJson extends Record<string, unknown> {
  type: string;
  source?: string;
  target: string;
  read_only?: boolean;
}
