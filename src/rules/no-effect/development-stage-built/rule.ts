import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'warning',
  summary: 'the stage that is built by default is a development stage',
  why: 'Without `target` the last stage is built. It is called by its name for development or tests, so production gets it.',
  remedy: 'Put the production stage last, or name it with target.',
  proof: 'none',
  decides: 'always',
  *check(target) {
    const last = target.dockerfile.stages.at(-1);
    // Who builds a file that nothing here builds may well name a stage.
    if (target.stage !== undefined || target.development || target.contextGuessed || last?.name === undefined) return;
    if (!/^(dev|development|test|tests|testing|debug|lint)([-_]|$)/.test(last.name)) return;
    const meant = target.dockerfile.stages.find((s) =>
      /^(prod|production|release|final|runtime|runner|deploy)([-_]|$)/.test(s.name ?? ''),
    );
    if (meant === undefined) return;
    yield claim({
      at: last.from.place,
      title: `the build without a target gives ${last.name}, not ${meant.name}`,
      subject: last.name,
      because: [
        { kind: 'line', at: meant.from.place, text: `the stage ${meant.name} is never built` },
        ...target.usedBy.slice(0, 1),
      ],
    });
  },
});
