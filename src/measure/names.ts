/** Everything that `prove` measures, in the order in which people read it. */
export interface Measure {
  readonly name: string;
  readonly title: string;
  readonly scope: 'image' | 'service' | 'stack';
  readonly unit: 'bytes' | 'seconds' | 'count' | 'times' | 'boolean' | 'text';
  /** Part of a quick run: takes seconds. */
  readonly quick: boolean;
  /** What a sound image or stack has, whatever the config says. Numbers: at most that. */
  readonly sound?: boolean | number;
}

function row(
  name: string,
  title: string,
  scope: Measure['scope'],
  unit: Measure['unit'],
  quick: boolean,
  sound?: boolean | number,
): Measure {
  return { name, title, scope, unit, quick, ...(sound === undefined ? {} : { sound }) };
}

export const measures: readonly Measure[] = [
  row('image.builds', 'builds', 'image', 'boolean', true, true),
  row('image.size.unpacked', 'unpacked size', 'image', 'bytes', true),
  row('image.size.overBase', 'unpacked size over its base', 'image', 'bytes', true),
  row('image.size.compressed', 'compressed size', 'image', 'bytes', false),
  row('image.layers', 'layers', 'image', 'count', true),
  row('image.wasted', 'bytes that the build wrote or hid for nothing', 'image', 'bytes', true),
  row('build.cold', 'cold build', 'image', 'seconds', false),
  row('build.noChange', 'rebuild, nothing changed', 'image', 'seconds', true),
  row('build.noChange.cached', 'steps cached, nothing changed', 'image', 'text', true),
  row('build.codeChange', 'rebuild after a code change', 'image', 'seconds', true),
  row(
    'build.codeChange.overhead',
    'code change without the compile step, over nothing changed',
    'image',
    'times',
    true,
    2,
  ),
  row('build.codeChange.cached', 'steps cached after a code change', 'image', 'text', true),
  row('build.dependencyChange', 'rebuild after a dependency change', 'image', 'seconds', false),
  row('build.dependencyChange.cached', 'steps cached after a dependency change', 'image', 'text', false),
  row('build.reproducible', 'two builds equal byte for byte', 'image', 'boolean', false),
  row('image.user', 'user', 'image', 'text', true),
  row('image.secrets', 'secrets in layers, history and environment', 'image', 'count', true, 0),
  row('image.tools', 'compilers and package managers that the build left behind', 'image', 'count', true, 0),
  row('image.setuid', 'setuid and setgid files that the build added', 'image', 'count', true, 0),
  row('service.starts', 'starts', 'service', 'boolean', true, true),
  row('service.healthy', 'becomes healthy', 'service', 'boolean', true, true),
  row('service.healthy.time', 'start to healthy', 'service', 'seconds', true),
  row('service.memory', 'memory when idle', 'service', 'bytes', true),
  row('service.readOnlyRoot', 'runs with a read-only root file system', 'service', 'boolean', true, true),
  row('service.noCapabilities', 'runs with all capabilities dropped', 'service', 'boolean', true, true),
  row('service.noNewPrivileges', 'runs with no-new-privileges', 'service', 'boolean', true, true),
  row('service.stop.time', 'SIGTERM to exit', 'service', 'seconds', true),
  row('service.stop.code', 'exit code after SIGTERM', 'service', 'count', true),
  row('stack.config', 'configuration is valid', 'stack', 'boolean', true, true),
  row('stack.healthy', 'all services healthy', 'stack', 'boolean', true, true),
  row('stack.healthy.time', 'start to all services healthy', 'stack', 'seconds', true),
  row('front.index', 'front door: index page', 'stack', 'boolean', true, true),
  row('front.deepLink', 'front door: deep link', 'stack', 'boolean', true, true),
  row('front.asset', 'front door: hashed asset, cached for long', 'stack', 'boolean', true, true),
  row('front.api', 'front door: API call', 'stack', 'boolean', true, true),
  row('front.headers', 'front door: security headers', 'stack', 'boolean', true, true),
  row('stack.reach', 'who reaches whom', 'stack', 'text', true),
  row('stack.limits', 'limits in force', 'stack', 'boolean', true, true),
  row('stack.restart', 'kill, then restart', 'stack', 'boolean', false, true),
  row('stack.recreate', 'recreated, data still there', 'stack', 'boolean', false, true),
  row('stack.backup', 'backup, restore, same data', 'stack', 'boolean', false, true),
  row('stack.scrape', 'every scrape target up', 'stack', 'boolean', false, true),
];

const byName = new Map(measures.map((measure) => [measure.name, measure]));

/** @throws RangeError for a name that is not in the list: a misspelt measure is our bug. */
export function measureNamed(name: string): Measure {
  const found = byName.get(name);
  if (found === undefined) throw new RangeError(`no measure is called ${name}`);
  return found;
}

export function isMeasure(name: string): boolean {
  return byName.has(name);
}
