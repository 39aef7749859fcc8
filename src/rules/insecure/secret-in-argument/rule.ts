import type { Instruction } from '../../../dockerfile/types.ts';
import { each } from '../../../facts/know.ts';
import type { BuildTarget } from '../../../model/types.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'a secret comes in through ARG or is set with ENV',
  why: 'Both are kept: ENV in the image for everybody who pulls it, ARG in its history.',
  remedy: 'Hand it over at run time, or with RUN --mount=type=secret.',
  aliases: ['SecretsUsedInArgOrEnv'],
  proof: 'none',
  decides: 'always',
  *check(target) {
    const kept = keptInstructions(target);
    yield* each(target.dockerfile.instructions, function* (instruction) {
      const pairs =
        instruction.keyword === 'ENV'
          ? instruction.pairs.map((pair) => ({ name: pair.key.text, value: pair.value.text }))
          : instruction.keyword === 'ARG'
            ? instruction.args.map((arg) => ({ name: arg.name.text, value: arg.value?.text ?? '' }))
            : [];
      yield* each(pairs, function* ({ name, value }) {
        if (!SECRET.test(name) || PUBLIC.test(name)) return;
        const plain = value.replace(/^["']|["']$/g, '');
        // An empty or invented value for the time of the build tells nobody anything.
        if (instruction.keyword === 'ENV' && (plain === '' || PLACEHOLDER.test(plain))) return;
        if (/^(\/|true$|false$|\d+$)/.test(plain)) return;
        // `no`, `off`, `n/a`: nobody's secret is that short.
        if (instruction.keyword === 'ENV' && plain.length < SHORTEST) return;
        const given = plain !== '' && !plain.includes('$') && !PLACEHOLDER.test(plain);
        yield claim({
          at: instruction.place,
          severity: given ? 'error' : kept.has(instruction) ? 'warning' : 'note',
          title: given
            ? `${name} has a value in the Dockerfile (${plain.slice(0, 2)}…, ${plain.length} characters)`
            : kept.has(instruction)
              ? `${name} is handed over with ${instruction.keyword}, which keeps it in the image${instruction.keyword === 'ARG' ? "'s history" : ''}`
              : `${name} is handed over with ${instruction.keyword} to a stage that is left behind: it stays in the cache and the records of the build`,
          subject: name,
        });
      });
    });
  },
});

/** Those of the last stage and of the stages that it is built on: their settings go along with the image. */
function keptInstructions({ dockerfile, trace }: BuildTarget): ReadonlySet<Instruction> {
  const kept = new Set<Instruction>();
  for (let at: number | undefined = trace.target.index; at !== undefined; ) {
    const index: number = at;
    for (const instruction of dockerfile.stages[index]?.instructions ?? []) kept.add(instruction);
    at = trace.stages.find((stage) => stage.index === index)?.baseStage;
  }
  return kept;
}

/** Characters of the shortest text that may be a secret. */
const SHORTEST = 4;

const SECRET =
  /(^|_)(API_?KEY|APIKEY|AUTH|CREDENTIALS?|PASSWD|PASSWORD|PWD|SECRET|TOKEN|PRIVATE_KEY|ACCESS_KEY|SECRET_KEY)($|_)/i;
/** Names that speak of a secret without being one. */
const PUBLIC =
  /PUBLIC|^(VITE|REACT_APP|EXPO)_|(^|_)(USE|ENABLE|DISABLE|ALLOW|HAS|IS)_|_FILE$|_PATH$|_URL$|_ID$|_EXPIR|_TTL|_LENGTH|^(GPG|PIP|PNPM)_|_HEADER|_METHOD|_TYPE$|_ENABLED?$|_ALGORITHM/i;
const PLACEHOLDER =
  /^(change-?me|dummy|placeholder|build|example|test|xxx+|none|null|secret|password|todo|unused|fake|not-?(used|set|needed|a-).*|.*(dummy|placeholder|build-?time|example|changeme|not-a|replace).*)$/i;
