import { bytes, number, optional, text, textMap } from './fields.ts';
import { at, type Mapping, type Node } from './node.ts';
import type { ComposeDeploy, ComposeResources } from './settings.ts';

export function readDeploy(node: Mapping): ComposeDeploy | undefined {
  const deploy = at(node, 'deploy');
  if (deploy === undefined || deploy.kind !== 'map') return undefined;
  const mode = optional(deploy, 'mode', text, 'deploy.mode');
  const replicas = optional(deploy, 'replicas', number, 'deploy.replicas');
  const policy = at(deploy, 'restart_policy');
  const condition = optional(policy, 'condition', text, 'deploy.restart_policy.condition');
  const attempts = optional(policy, 'max_attempts', number, 'deploy.restart_policy.max_attempts');
  return {
    at: deploy.at,
    ...(mode === undefined ? {} : { mode }),
    ...(replicas === undefined ? {} : { replicas }),
    limits: resources(at(deploy, 'resources', 'limits'), 'deploy.resources.limits'),
    reservations: resources(at(deploy, 'resources', 'reservations'), 'deploy.resources.reservations'),
    ...(condition === undefined ? {} : { restartCondition: condition }),
    ...(attempts === undefined ? {} : { restartMaxAttempts: attempts }),
    labels: textMap(at(deploy, 'labels'), 'deploy.labels'),
    node: deploy,
  };
}

function resources(node: Node | undefined, label: string): ComposeResources {
  const cpus = optional(node, 'cpus', number, `${label}.cpus`);
  const memory = optional(node, 'memory', bytes, `${label}.memory`);
  const pids = optional(node, 'pids', number, `${label}.pids`);
  return {
    ...(cpus === undefined ? {} : { cpus }),
    ...(memory === undefined ? {} : { memory }),
    ...(pids === undefined ? {} : { pids }),
  };
}

/** The limits in force, from either way to write them. */
export function readLimits(node: Mapping, deploy: ComposeDeploy | undefined): ComposeResources {
  const cpus = optional(node, 'cpus', number) ?? deploy?.limits.cpus;
  const memory = optional(node, 'mem_limit', bytes) ?? deploy?.limits.memory;
  const pids = optional(node, 'pids_limit', number) ?? deploy?.limits.pids;
  return {
    ...(cpus === undefined ? {} : { cpus }),
    ...(memory === undefined ? {} : { memory }),
    ...(pids === undefined ? {} : { pids }),
  };
}
