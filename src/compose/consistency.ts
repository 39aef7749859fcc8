import type { Place } from '../text/place.ts';
import type { ComposeModel, ComposeService } from './model.ts';
import { nearest } from './nearest.ts';
import type { ComposeProblem, ComposeProblemKind } from './problem.ts';

/** Names that nothing defines and settings that contradict each other, as Compose checks them. Services of inactive profiles are left out. */
export function checkReferences(model: ComposeModel): readonly ComposeProblem[] {
  const problems: ComposeProblem[] = [];
  // With a file missing, a name may well be defined there.
  if (model.gaps.length > 0) return problems;
  for (const service of model.services.values()) {
    if (service.active) checkService(model, service, problems);
  }
  checkResources(model, problems);
  checkCycles(model, problems);
  return problems;
}

function checkService(model: ComposeModel, service: ComposeService, problems: ComposeProblem[]): void {
  const refuse = (kind: ComposeProblemKind, at: Place, text: string, remedy?: string) =>
    problems.push({
      kind,
      effect: 'refused',
      at,
      text,
      service: service.name,
      ...(remedy === undefined ? {} : { remedy }),
    });
  const has = (key: string) => service.node.entries.has(key);
  if (service.build === undefined && service.image === undefined && !has('provider')) {
    refuse('inconsistent', service.at, `service ${service.name} has neither an image nor a build`);
  }
  for (const dependency of service.dependsOn) {
    const other = model.services.get(dependency.service);
    const near = nearest(dependency.service, [...model.services.keys()]);
    if (other === undefined) {
      refuse(
        'undefined-service',
        dependency.at,
        `${service.name} depends on ${dependency.service}, which is no service`,
        near,
      );
    } else if (!other.active && dependency.required) {
      refuse(
        'undefined-service',
        dependency.at,
        `${service.name} depends on ${dependency.service}, whose profile (${other.profiles.join(', ')}) is not active`,
      );
    }
  }
  for (const network of service.networks) {
    if (!model.networks.has(network.name)) {
      refuse(
        'undefined-network',
        network.at,
        `${service.name} joins ${network.name}, which is no network of this stack`,
        nearest(network.name, [...model.networks.keys()]),
      );
    }
  }
  for (const mount of service.volumes) {
    if (!mount.type.known || mount.type.value !== 'volume' || mount.source === undefined || !mount.source.fact.known)
      continue;
    const name = mount.source.fact.value.written;
    if (!model.volumes.has(name)) {
      refuse(
        'undefined-volume',
        mount.at,
        `${service.name} mounts ${name}, which is no volume of this stack`,
        nearest(name, [...model.volumes.keys()]) ?? `declare ${name} under volumes, or write ./${name} for a folder`,
      );
    }
  }
  for (const [kind, grants, defined] of [
    ['undefined-secret', [...service.secrets, ...(service.build?.secrets ?? [])], model.secrets],
    ['undefined-config', service.configs, model.configs],
  ] as const) {
    for (const grant of grants) {
      if (!defined.has(grant.source))
        refuse(
          kind,
          grant.at,
          `${service.name} uses ${grant.source}, which is not defined`,
          nearest(grant.source, [...defined.keys()]),
        );
    }
  }
  if (service.networkMode !== undefined && has('networks')) {
    refuse('inconsistent', service.networkMode.at, `${service.name} sets both network_mode and networks`);
  }
  for (const use of service.envFiles) {
    if (use.required && use.state === 'missing') {
      const written = use.path.fact.known ? use.path.fact.value.written : '';
      refuse('missing-env-file', use.at, `the env file ${written} of ${service.name} does not exist`);
    }
  }
  const platform = service.platform?.fact;
  const platforms = service.build?.platforms ?? [];
  if (
    platform?.known === true &&
    platforms.length > 0 &&
    platforms.every((field) => field.fact.known && field.fact.value !== platform.value)
  ) {
    refuse(
      'inconsistent',
      service.platform?.at ?? service.at,
      `${service.name} runs on ${platform.value}, for which its build makes no image`,
    );
  }
  const replicas = service.replicas?.fact;
  if (replicas?.known === true && replicas.value > 1 && service.containerName !== undefined) {
    refuse(
      'inconsistent',
      service.containerName.at,
      `${service.name} has ${replicas.value} replicas and a fixed container_name`,
    );
  }
}

function checkResources(model: ComposeModel, problems: ComposeProblem[]): void {
  for (const secret of model.secrets.values()) {
    if (secret.external || secret.file !== undefined || secret.environment !== undefined) continue;
    problems.push({
      kind: 'inconsistent',
      effect: 'refused',
      at: secret.at,
      text: `secret ${secret.key} needs a file or an environment`,
    });
  }
}

function checkCycles(model: ComposeModel, problems: ComposeProblem[]): void {
  const done = new Set<string>();
  const visit = (name: string, chain: readonly string[]): void => {
    const start = chain.indexOf(name);
    const service = model.services.get(name);
    if (service === undefined || done.has(name)) return;
    if (start !== -1) {
      const loop = [...chain.slice(start), name].join(' -> ');
      const at =
        service.dependsOn.find((dependency) => dependency.service === (chain[start + 1] ?? name))?.at ?? service.at;
      problems.push({
        kind: 'dependency-cycle',
        effect: 'refused',
        at,
        text: `services wait for each other: ${loop}`,
        service: name,
      });
      done.add(name);
      return;
    }
    for (const dependency of service.dependsOn) visit(dependency.service, [...chain, name]);
    done.add(name);
  };
  for (const name of model.services.keys()) visit(name, []);
}
