import { type Ask, each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import type { Place } from '../../../text/place.ts';
import { isWithin } from '../../container-path.ts';
import { deployed } from '../../deployed.ts';
import { emptyLists } from '../../empty-lists.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'in production a folder of the checkout hides the code in the image',
  why: 'What runs is whatever lies on the host that day, not what was built and tested; dependencies that the build put into the folder are hidden too.',
  remedy: 'Mount the folder in the development file only.',
  proof: 'none',
  *check(service) {
    const { stack, target, compose } = service;
    const live = deployed(stack);
    if (live === undefined || target === undefined) return;
    // An empty list that should take the mount away is another finding.
    if (emptyLists(stack, 'volumes').some((e) => e.service === service)) return;
    yield* each(compose.volumes, function* (mount) {
      const source = mount.source?.fact.known === true ? mount.source.fact.value : undefined;
      if (
        saidBefore(service, mount.at) ||
        source?.path === undefined ||
        !mount.type.known ||
        mount.type.value !== 'bind'
      )
        return;
      if (stack.repo.entry(source.path)?.type !== 'directory') return;
      const folder = yield* know(mount.target.fact);
      const application = yield* know(service.application);
      const { entry } = application.launch;
      const status = entry === undefined ? undefined : yield* know(entry.status);
      const inside = source.path === '' || (status?.found === true && isWithin(status.at.file, source.path));
      const hidden = status?.found === true && inside && entry?.file !== undefined && isWithin(entry.file, folder);
      // A tool such as Vite serves the folder that it runs in.
      if (!hidden && !(entry === undefined && (yield* isWholeCheckout(service, source.path, folder)))) return;
      if (!(yield* hasOwn(service, hidden ? (entry?.file ?? folder) : folder))) return;
      yield claim({
        at: mount.at,
        title: `${source.written} of the checkout hides the code in the image of ${service.name} ${live.where}`,
        subject: `${service.name} ${folder}`,
        severity: live.weigh('warning'),
        because: [
          { kind: 'compose', at: mount.at, text: `${source.written} is mounted at ${folder}` },
          status?.found === true
            ? { kind: 'source', at: status.at, text: `${service.name} runs this file from there` }
            : { kind: 'line', at: target.at, text: `the image is built from ${source.written} into that folder` },
          ...live.because,
        ],
      });
    });
  },
});

/** An image without code of its own is made for the mount. */
function* hasOwn(service: Service, path: string): Generator<Ask, boolean, unknown> {
  const found = (yield* know(service.image)).tree.lookup(path);
  return found.known && found.value.presence === 'present';
}

/** The folder that the image is built from, mounted over the one that the process runs in. */
function* isWholeCheckout(service: Service, source: string, folder: string): Generator<Ask, boolean, unknown> {
  const { target } = service;
  if (target === undefined || target.contextDir !== source || !/^\/[^/]+/.test(folder)) return false;
  // What copies nothing of the folder is made for the mount.
  if (
    !target.dockerfile.instructions.some((i) => (i.keyword === 'COPY' && i.from === undefined) || i.keyword === 'ADD')
  )
    return false;
  const process = yield* know(service.process);
  const image = yield* know(service.image);
  return process.command[0] !== 'nginx' && (yield* know(image.workdir)) === folder;
}

/** A block that services share is one cause. */
function saidBefore(service: Service, at: Place): boolean {
  const first = service.stack.services.find((other) =>
    other.compose.volumes.some((mount) => mount.at.file === at.file && mount.at.line === at.line),
  );
  return first !== undefined && first !== service;
}
