import type { ComposeEnvironment } from './environment.ts';
import { TemplateError } from './interpolate.ts';
import { type Entry, type Node, type Scalar, scalar } from './node.ts';
import { PatternTable } from './path-pattern.ts';
import type { ComposeProblem } from './problem.ts';
import { hasUnknown } from './unknown-text.ts';

type Cast = 'int' | 'float' | 'bool';

/** Texts at these paths become numbers and booleans after interpolation (compose-go, loader/interpolate). */
const CASTS = new PatternTable<Cast>({
  'services.*.cpu_count': 'int',
  'services.*.cpu_percent': 'float',
  'services.*.cpu_period': 'int',
  'services.*.cpu_quota': 'int',
  'services.*.cpu_rt_period': 'int',
  'services.*.cpu_rt_runtime': 'int',
  'services.*.cpus': 'float',
  'services.*.cpu_shares': 'int',
  'services.*.init': 'bool',
  'services.*.deploy.replicas': 'int',
  'services.*.deploy.update_config.parallelism': 'int',
  'services.*.deploy.update_config.max_failure_ratio': 'float',
  'services.*.deploy.rollback_config.parallelism': 'int',
  'services.*.deploy.rollback_config.max_failure_ratio': 'float',
  'services.*.deploy.restart_policy.max_attempts': 'int',
  'services.*.deploy.placement.max_replicas_per_node': 'int',
  'services.*.healthcheck.retries': 'int',
  'services.*.healthcheck.disable': 'bool',
  'services.*.oom_kill_disable': 'bool',
  'services.*.oom_score_adj': 'int',
  'services.*.pids_limit': 'int',
  'services.*.ports.[].target': 'int',
  'services.*.privileged': 'bool',
  'services.*.read_only': 'bool',
  'services.*.scale': 'int',
  'services.*.stdin_open': 'bool',
  'services.*.tty': 'bool',
  'services.*.ulimits.*': 'int',
  'services.*.ulimits.*.hard': 'int',
  'services.*.ulimits.*.soft': 'int',
  'services.*.volumes.[].read_only': 'bool',
  'services.*.volumes.[].volume.nocopy': 'bool',
  'networks.*.external': 'bool',
  'networks.*.internal': 'bool',
  'networks.*.attachable': 'bool',
  'networks.*.enable_ipv4': 'bool',
  'networks.*.enable_ipv6': 'bool',
  'volumes.*.external': 'bool',
  'secrets.*.external': 'bool',
  'configs.*.external': 'bool',
});

/** Replaces variables in every text of a tree and casts what must be a number or boolean. Keys are never interpolated. */
export function interpolateTree(
  node: Node,
  path: readonly string[],
  environment: ComposeEnvironment,
  problems: ComposeProblem[],
): Node {
  if (node.kind === 'map') {
    const entries = new Map<string, Entry>();
    for (const [key, entry] of node.entries) {
      entries.set(key, { key: entry.key, value: interpolateTree(entry.value, [...path, key], environment, problems) });
    }
    return { ...node, entries };
  }
  if (node.kind === 'seq') {
    return { ...node, items: node.items.map((item) => interpolateTree(item, [...path, '[]'], environment, problems)) };
  }
  return typeof node.value === 'string' ? interpolateScalar(node, node.value, path, environment, problems) : node;
}

function interpolateScalar(
  node: Scalar,
  text: string,
  path: readonly string[],
  environment: ComposeEnvironment,
  problems: ComposeProblem[],
): Scalar {
  let result = node;
  if (text.includes('$')) {
    try {
      const expanded = environment.expand(text, node.at);
      result = { ...node, value: expanded.text, template: text, because: expanded.because };
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      problems.push({
        kind: 'interpolation',
        effect: 'refused',
        at: node.at,
        text: `invalid interpolation format in ${path.join('.')}: ${error.message}`,
        remedy: 'write $$ for a dollar sign',
      });
    }
  }
  const cast = CASTS.get(path);
  return cast === undefined || typeof result.value !== 'string'
    ? result
    : castScalar(result, result.value, cast, path, problems);
}

function castScalar(
  node: Scalar,
  text: string,
  cast: Cast,
  path: readonly string[],
  problems: ComposeProblem[],
): Scalar {
  if (hasUnknown(text)) return node;
  const value = cast === 'bool' ? boolean(text) : number(text, cast);
  if (value !== undefined) {
    return { ...scalar(value, node), ...(node.template === undefined ? {} : { template: node.template }) };
  }
  const wanted = cast === 'bool' ? 'true or false' : cast === 'int' ? 'a whole number' : 'a number';
  problems.push({
    kind: 'wrong-type',
    effect: 'refused',
    at: node.at,
    text: `${path.join('.')} must be ${wanted}, not ${JSON.stringify(text)}`,
  });
  return node;
}

function boolean(text: string): boolean | undefined {
  const low = text.toLowerCase();
  if (['true', 'y', 'yes', 'on'].includes(low)) return true;
  return ['false', 'n', 'no', 'off'].includes(low) ? false : undefined;
}

function number(text: string, cast: Cast): number | undefined {
  const fits = cast === 'int' ? /^[-+]?\d+$/ : /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;
  return fits.test(text) ? Number(text) : undefined;
}
