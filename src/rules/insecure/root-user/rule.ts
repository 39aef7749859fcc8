import { type StageReference, stageGraph } from '../../../dockerfile/stages.ts';
import type { Stage } from '../../../dockerfile/types.ts';
import { unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import type { BuildTarget, Service } from '../../../model/types.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'the application runs as root',
  why: 'Whoever takes over a process of root has every file of the container and what the kernel still allows root there. An application needs none of it.',
  remedy: 'Make a user with a fixed id in the image and name it with USER, after the steps that need root.',
  aliases: ['DL3002', 'CKV_DOCKER_3', 'DS002'],
  proof: 'none',
  *check(service) {
    // Official servers such as postgres start as root on purpose and drop to a user of their own.
    if (service.target === undefined || service.dropsRoot) return;
    const user = yield* know(service.user);
    if (user.uid !== 0) return;
    // A stage or base without a command of its own is built on, not run.
    if (service.stack.files.length === 0 && commandless(service.target) && runsNothing(service)) return;
    const own = handsOver(service);
    if (own !== undefined) yield* know(unknown(own));
    const told = service.compose.user?.at;
    const at = told ?? service.target.at;
    const names = service.stack.services.filter((s) => s.target === service.target).map((s) => s.name);
    const who = told !== undefined || names.length < 2 ? service.name : `what ${service.target.dockerfile.file} builds`;
    yield claim({
      at,
      title: `${who} runs as root`,
      subject: told === undefined ? 'image' : service.name,
      because: [
        {
          kind: 'line',
          at,
          text:
            user.written === ''
              ? 'no USER is set from here on, and the base starts as root'
              : `the user is ${user.written}`,
        },
        ...(who === service.name
          ? []
          : [{ kind: 'compose' as const, at: service.at, text: `it runs as ${names.join(', ')}` }]),
      ],
      fix: {
        safety: 'unsafe',
        title: 'run as a user with a fixed id',
        edits: [],
        mustMeasure: ['image.user', 'service.healthy'],
      },
    });
  },
});

/** Whether only the shell or the interpreter of the base would run, which ends at once, or nothing at all (scratch). */
function runsNothing({ process, target }: Service): boolean {
  if (target !== undefined && foremost(target) === 'scratch') return true;
  return (
    process.known &&
    process.value.argv.length < 2 &&
    /^$|^(\/bin\/)?(ba|a)?sh$|^(python3?|node|irb|jshell|php|iex|ghci|julia|R)$/.test(process.value.argv[0] ?? '')
  );
}

/** Whether no stage that the image stands on has a CMD or ENTRYPOINT. */
function commandless(target: BuildTarget): boolean {
  return lineage(target).every((stage) =>
    stage.instructions.every(({ keyword }) => keyword !== 'CMD' && keyword !== 'ENTRYPOINT'),
  );
}

/** What the first of those stages is built from. */
function foremost(target: BuildTarget): StageReference['kind'] | undefined {
  const stage = lineage(target).at(-1);
  return stage === undefined ? undefined : stageGraph(target.dockerfile).base(stage).kind;
}

/** The stage that is built and those it stands on by FROM. */
function lineage(target: BuildTarget): readonly Stage[] {
  const graph = stageGraph(target.dockerfile);
  const found: Stage[] = [];
  let stage = graph.target(target.stage);
  while (stage !== undefined && !found.includes(stage)) {
    found.push(stage);
    const base = graph.base(stage);
    stage = base.kind === 'stage' ? base.stage : undefined;
  }
  return found;
}

/** Programs that start another as somebody else. */
const CHANGES =
  /\b(gosu|su-exec|setpriv|runuser|s6-setuidgid|setuidgid|chpst|suexec|sudo|su)\s+(-|--|["$\w])|--userspec|start-stop-daemon/;
/** Variables with which images are told whom to become. */
const WHOM = /^(UWSGI_UID|UWSGI_GID|PUID|PGID|USER_?MAP_UID|APP_UID|RUN_AS(_UID|_USER)?|GUNICORN_USER|SUDO_USER)$/;

/** What may change the user after the start; undefined: nothing is seen that does. */
function handsOver(service: Service): string | undefined {
  const { foundation, process, startTexts, env } = service;
  if (foundation !== undefined) return `${foundation.name} starts as root and lets others work for it`;
  const told = [...env.keys()].find((name) => WHOM.test(name));
  if (told !== undefined) return `${told} may say whom it becomes`;
  if (!process.known) return undefined;
  const line = process.value.argv.join(' ');
  if (/\bnginx\b|apache2|httpd|supervisord|php-fpm|haproxy|s6-svscan|\/init\b/.test(line))
    return `${process.value.argv[0]} lets others work for it`;
  if (/(^|\s)(--uid|--user|-u)[ =]\S/.test(line) || CHANGES.test(line)) return 'the command may change the user';
  if (!startTexts.known) return startTexts.why;
  return startTexts.value.some(({ text }) => CHANGES.test(text)) ? 'a start script changes the user' : undefined;
}
