import { type Fact, known, mapFact } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import type { ImageState, InstalledPackage } from '../../../simulate/state.ts';
import { finalStages } from '../../final-stages.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a package of Python loads a library of the system that the image does not have',
  why: 'Wheels carry most of what they need, but not all: OpenCV wants libGL, python-magic libmagic, WeasyPrint Pango. Slim images have none of them, and the import ends the start: "cannot open shared object file".',
  remedy:
    'Install the library in the final stage (apt-get install --no-install-recommends …), or take a package without it, such as opencv-python-headless.',
  proof: 'engine',
  *check(service) {
    const { target } = service;
    if (target === undefined) return;
    const installed = target.trace.stages.flatMap((stage) => stage.final.packages).filter(isPip);
    const names = new Set(installed.map(({ name }) => name.toLowerCase().replaceAll(/[-_.]+/g, '-')));
    const needed = NEEDS.filter(({ name, instead }) => names.has(name) && !instead.some((other) => names.has(other)));
    if (needed.length === 0 || !finalStages(target).some(({ baseName }) => SLIM.test(baseName))) return;
    const application = yield* know(service.application);
    const loaded = yield* know(application.loads);
    const image = yield* know(service.image);
    yield* each(needed, function* ({ name, module, library, brings }) {
      if (!loaded.has(module) || (yield* know(hasLibrary(service, image, library)))) return;
      const process = yield* know(service.process);
      const at = installed
        .find((one) => one.name.toLowerCase() === name)
        ?.because.flatMap((r) => ('at' in r ? [r.at] : []))[0];
      yield claim({
        breaks: service.nodes.starts,
        at: at ?? target.at,
        title: `${name} loads ${library} when it is imported, and the image does not have it (${brings})`,
        subject: `${name} ${library}`,
        because: [
          { kind: 'line', at: process.at, text: `${process.command.slice(0, 3).join(' ')} imports ${module}` },
          {
            kind: 'line',
            at: target.at,
            text: `FROM ${target.trace.target.baseName} has no ${library}, and no line installs ${brings}`,
          },
        ],
      });
    });
  },
});

/** Images of which it is known that they hold none of the libraries below. */
const SLIM = /^(docker\.io\/)?(library\/)?(python|debian|node):[\w.-]*slim/;

/** Distributions, the module they are imported as, the library that the import loads, and Debian's package of it. Read from the wheels
 * (src/packages/data/python.json, 2026-11-21) and from the sources of those that look for it with ctypes. */
const NEEDS = [
  {
    name: 'opencv-python',
    module: 'cv2',
    library: 'libGL.so.1',
    brings: 'libgl1',
    instead: ['opencv-python-headless', 'opencv-contrib-python-headless'],
  },
  {
    name: 'opencv-contrib-python',
    module: 'cv2',
    library: 'libGL.so.1',
    brings: 'libgl1',
    instead: ['opencv-python-headless', 'opencv-contrib-python-headless'],
  },
  {
    name: 'python-magic',
    module: 'magic',
    library: 'libmagic.so.1',
    brings: 'libmagic1',
    instead: ['python-magic-bin', 'pylibmagic'],
  },
  { name: 'weasyprint', module: 'weasyprint', library: 'libpango-1.0.so.0', brings: 'libpango-1.0-0', instead: [] },
  { name: 'cairosvg', module: 'cairosvg', library: 'libcairo.so.2', brings: 'libcairo2', instead: [] },
  { name: 'pyzbar', module: 'pyzbar', library: 'libzbar.so.0', brings: 'libzbar0', instead: [] },
  { name: 'pyenchant', module: 'enchant', library: 'libenchant-2.so.2', brings: 'libenchant-2-2', instead: [] },
  { name: 'lightgbm', module: 'lightgbm', library: 'libgomp.so.1', brings: 'libgomp1', instead: [] },
];

function isPip({ manager }: InstalledPackage): boolean {
  return manager === 'pip';
}

/** A line may have brought it, by itself or with something else; the base has not. */
function hasLibrary({ env }: Service, { tree, libc, packages }: ImageState, library: string): Fact<boolean> {
  if (!libc.known) return libc;
  const path = env.get('LD_LIBRARY_PATH')?.value;
  if (libc.value !== 'glibc' || path !== undefined) return known(true);
  const found = tree.lookup(`/usr/lib/x86_64-linux-gnu/${library}`);
  if (!found.known && found.because.every(({ kind }) => kind === 'base-image')) return known(false, ...found.because);
  // Build tools bring OpenMP, and graphics most of the rest.
  if (packages.some(({ manager, name }) => manager === 'apt' && /^(gcc|g\+\+|build-essential)/.test(name)))
    return known(true);
  return mapFact(found, ({ presence }) => presence !== 'absent');
}
