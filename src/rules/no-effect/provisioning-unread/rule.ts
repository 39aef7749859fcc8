import { each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { namesInside } from '../../container-files.ts';
import { claim, rule } from '../../rule.ts';

const FOLDER = '/etc/grafana/provisioning';
const IMAGE = /^(?:docker\.io\/)?grafana\/grafana(?:-oss|-enterprise)?(?::|@|$)/;

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'files for Grafana that lie one folder too high',
  why: 'Grafana reads the folders below its provisioning folder (datasources, dashboards, alerting, plugins) and nothing in the folder itself: it starts without the data source and without the dashboards, and says nothing.',
  remedy: 'Move the files into `provisioning/datasources/` and `provisioning/dashboards/`.',
  proof: 'none',
  *check(service) {
    if (service.stack.files.length === 0 || !isGrafana(service)) return;
    // The image sets it to the folder itself.
    if (![undefined, 'image'].includes(service.env.get('GF_PATHS_PROVISIONING')?.origin)) return;
    const names = yield* know(namesInside(service, FOLDER));
    const mount = service.compose.volumes.find((m) => m.target.fact.known && m.target.fact.value.startsWith(FOLDER));
    // A file that is mounted by its own name is the matter of mount-unread.
    const direct = new Set(
      service.compose.volumes.flatMap((m) =>
        m.target.fact.known ? [m.target.fact.value.slice(FOLDER.length + 1)] : [],
      ),
    );
    const lost = (names ?? []).filter((name) => /\.ya?ml$/.test(name) && !direct.has(name));
    yield* each(lost.slice(0, 1), function* () {
      yield claim({
        at: mount?.at ?? service.at,
        title: `${service.name} (Grafana) does not read ${lost.join(', ')}: ${lost.length === 1 ? 'it lies' : 'they lie'} in ${FOLDER} itself`,
        subject: lost.join(' '),
        because: [
          {
            kind: 'compose',
            at: mount?.at ?? service.at,
            text: `${lost.map((name) => `${FOLDER}/${name}`).join(', ')}: Grafana looks in the folders datasources, dashboards, alerting and plugins below it`,
          },
        ],
      });
    });
  },
});

function isGrafana({ server, target }: Service): boolean {
  return server?.name === 'Grafana' || (target !== undefined && IMAGE.test(target.trace.target.baseName));
}
