import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { environmentGap } from '../../../model/effective.ts';
import { fromDotenv } from '../../../source/node/dotenv.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the application needs a variable at start that nobody sets',
  why: 'It is read while the application is loaded, without a default: the process ends with an exception before it listens.',
  remedy: 'Set it in the compose file or an env file, or give it a default.',
  proof: 'engine',
  *check(service) {
    // A bare image is run by somebody who sets its variables: only a stack says what is set.
    if (service.target === undefined || service.stack.files.length === 0) return;
    const application = yield* know(service.application);
    const gap = environmentGap(service.image, service.compose);
    const { reads, files, secretFolders } = application.environment;
    const needed = reads.filter((read) => read.when === 'import' && read.reached === true);
    yield* each(needed, function* (read) {
      const required = yield* know(read.required);
      const names = read.ignoreCase ? [...service.env.keys()].map((n) => n.toLowerCase()) : [...service.env.keys()];
      if (!required || names.includes(read.ignoreCase ? read.name.toLowerCase() : read.name)) return;
      if (gap !== undefined) yield* know(unknown(gap));
      const { launch, context } = application;
      const given =
        launch.language === 'node' ? fromDotenv(context.tree, context.cwd, files, read.name, context.env) : undefined;
      if (given !== undefined) {
        yield* know(given);
        return;
      }
      if (launch.language !== 'node' && (files.length > 0 || secretFolders.length > 0))
        yield* know(unknown(`the application may load ${read.name} from a file`));
      yield claim({
        breaks: service.nodes.starts,
        at: read.at,
        title: `${service.name} needs ${read.name} at start, and nothing sets it`,
        subject: read.name,
        because: [
          {
            kind: 'source',
            at: read.at,
            text: `${read.name} is read while the application is loaded, without a default`,
          },
          { kind: 'compose', at: service.at, text: `no file of this stack sets ${read.name} for ${service.name}` },
        ],
      });
    });
  },
});
