import { at, type Node, textOf } from '../compose/node.ts';
import { yamlOf } from '../compose/repo-yaml.ts';
import { chainFact, type Fact, known, mapFact, unknown } from '../facts/fact.ts';
import type { Service } from '../model/types.ts';
import type { Place } from '../text/place.ts';
import { wordsOfCommand } from './command-words.ts';
import { fileInside } from './container-files.ts';

/** One target that a Prometheus of the stack asks, or an Alertmanager that it tells. */
export interface ScrapeTarget {
  readonly kind: 'scrape' | 'alertmanager';
  readonly job: string;
  readonly host: string;
  readonly port: number;
  /** `/metrics` unless the job says otherwise. */
  readonly path: string;
  readonly at: Place;
}

const IMAGE = /^(?:(?:docker\.io|quay\.io)\/)?(?:prom|prometheus)\/prometheus(?::|@|$)/;
const TARGET = /^([A-Za-z0-9_][\w.-]*|\[[0-9a-f:]+\]):(\d{1,5})$/;

/** Whether a service runs Prometheus, by its image or by what it is built from. */
export function isPrometheus({ server, target, compose }: Service): boolean {
  if (server?.name === 'Prometheus') return true;
  if (target !== undefined) return IMAGE.test(target.trace.target.baseName);
  return compose.image?.fact.known === true && IMAGE.test(compose.image.fact.value);
}

/** The configuration that a Prometheus reads: its path in the container, and its content. */
export interface PrometheusConfig {
  readonly path: string;
  /** Repository path. */
  readonly file: string;
  readonly root: Node | undefined;
}

/** Undefined: the image's own. */
export function prometheusConfig(service: Service): Fact<PrometheusConfig | undefined> {
  return chainFact(configPath(service), (path) =>
    chainFact(fileInside(service, path), (found): Fact<PrometheusConfig | undefined> => {
      if (found === undefined) return known(undefined);
      const { repo } = service.stack;
      const { file, text, reason } = found;
      if (repo.text(file) !== text) return unknown('its configuration is written by a step');
      return known({ path, file, root: yamlOf(repo, file)?.documents[0]?.root }, reason);
    }),
  );
}

/** The targets written out in the configuration of a Prometheus. */
export function scrapeTargets(service: Service): Fact<readonly ScrapeTarget[]> {
  return mapFact(prometheusConfig(service), (config) => targetsIn(config?.root));
}

function configPath(service: Service): Fact<string> {
  if (service.compose.entrypoint !== undefined) return unknown('the entrypoint of compose is not read');
  return chainFact(wordsOfCommand(service), (told) => {
    const own = service.process.known ? service.process.value.argv : [];
    const words = told.length > 0 ? told : own;
    const at = words.findIndex((word) => /^--?config\.file(=|$)/.test(word));
    const word = words[at];
    return known(word === undefined ? '/etc/prometheus/prometheus.yml' : (word.split('=')[1] ?? words[at + 1] ?? ''));
  });
}

function targetsIn(root: Node | undefined): readonly ScrapeTarget[] {
  const found: ScrapeTarget[] = [];
  for (const job of items(at(root, 'scrape_configs'))) {
    // What is asked is put together from labels.
    if (at(job, 'relabel_configs') !== undefined || at(job, 'params') !== undefined) continue;
    const name = textOf(at(job, 'job_name')) ?? '';
    const path = textOf(at(job, 'metrics_path')) ?? '/metrics';
    found.push(...addresses(job, { kind: 'scrape', job: name, path }));
  }
  for (const manager of items(at(root, 'alerting', 'alertmanagers')))
    found.push(...addresses(manager, { kind: 'alertmanager', job: 'alertmanager', path: '/' }));
  return found;
}

function addresses(job: Node, common: Pick<ScrapeTarget, 'kind' | 'job' | 'path'>): readonly ScrapeTarget[] {
  return items(at(job, 'static_configs')).flatMap((group) =>
    items(at(group, 'targets')).flatMap((target): ScrapeTarget[] => {
      const [, host, port] = TARGET.exec(textOf(target) ?? '') ?? [];
      return host === undefined ? [] : [{ ...common, host, port: Number(port), at: target.at }];
    }),
  );
}

function items(node: Node | undefined): readonly Node[] {
  return node?.kind === 'seq' ? node.items : [];
}
