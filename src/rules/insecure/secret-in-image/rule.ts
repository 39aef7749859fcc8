import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'a file with secrets is copied into the image',
  why: 'Whoever can pull the image can read every layer, also what a later step deletes.',
  remedy: 'Name the file in the ignore file; hand secrets over at run time, or with RUN --mount=type=secret.',
  proof: 'none',
  *check(target) {
    const secrets = yield* know(target.copiedSecrets);
    yield* each(secrets, function* (secret) {
      yield claim({
        at: secret.copiedAt,
        title: `${secret.file} is copied into the image (${secret.what})`,
        subject: secret.file,
        because: [
          { kind: 'line', at: secret.copiedAt, text: `${secret.instruction} copies ${secret.file}` },
          { kind: 'source', at: secret.at, text: secret.what },
        ],
        fix: { safety: 'safe', title: 'keep it out with the ignore file', edits: secret.edits },
      });
    });
  },
});
