import type { Model, NodeId } from '../model/types.ts';
import { comparePlaces } from '../text/place.ts';
import { chainOfCauses } from './causes.ts';
import { CONSEQUENCES, type Consequence, type Finding, type Inconclusive } from './finding.ts';
import { fingerprint } from './fingerprint.ts';
import type { AnyRule } from './rule.ts';
import { type RuleOutcome, runRule } from './run.ts';
import { symptomsOf } from './symptoms.ts';
import { isTestInput } from './test-input.ts';

export interface RegisteredRule {
  readonly id: string;
  readonly consequence: Consequence;
  readonly rule: AnyRule;
}

export interface CheckResult {
  readonly findings: readonly Finding[];
  readonly inconclusive: readonly Inconclusive[];
}

interface Site {
  readonly node: unknown;
  readonly name: string;
  readonly stack?: string;
  readonly service?: string;
  readonly target?: string;
  readonly orphan: boolean;
}

/** Runs every rule over every node of its kind; joins what holds in several stacks; orders by consequence. */
export function checkModel(model: Model, rules: readonly RegisteredRule[]): CheckResult {
  const sites = sitesOf(model);
  const said: Finding[] = [];
  const inconclusive = new Map<string, Inconclusive>();
  for (const registered of rules) {
    for (const site of sites[registered.rule.on]) {
      const outcome = runRule(registered.id, registered.rule, site.node as never, site.name);
      for (const item of outcome.inconclusive)
        inconclusive.set(
          `${item.rule} ${item.why} ${item.because.at(-1)?.at?.file}:${item.because.at(-1)?.at?.line}`,
          item,
        );
      for (const claimed of outcome.claims) said.push(findingOf(registered, site, claimed, model));
    }
  }
  const findings = new Map<string, Finding>();
  for (const finding of shownPlainly(said)) add(findings, finding);
  return {
    findings: distinct([...findings.values()].sort(compareFindings)),
    inconclusive: [...inconclusive.values()],
  };
}

function sitesOf(model: Model): Readonly<Record<AnyRule['on'], readonly Site[]>> {
  return {
    repository: [{ node: model.repository, name: model.repository.repo.name, orphan: false }],
    stack: model.stacks.map((stack) => ({ node: stack, name: stack.id, stack: stack.id, orphan: false })),
    service: model.stacks.flatMap((stack) =>
      stack.services.map((service) => ({
        node: service,
        name: service.id,
        stack: stack.id,
        service: service.name,
        ...(service.target === undefined ? {} : { target: service.target.id }),
        orphan: false,
      })),
    ),
    target: model.targets.map((target) => ({
      node: target,
      name: target.id,
      target: target.id,
      orphan: target.orphan,
    })),
  };
}

function findingOf(registered: RegisteredRule, site: Site, said: RuleOutcome['claims'][number], model: Model): Finding {
  const { claim } = said;
  const { rule } = registered;
  const broken: NodeId | undefined = claim.breaks;
  return {
    rule: registered.id,
    fingerprint: fingerprint(registered.id, claim.at.file, claim.subject),
    stacks: claim.stacks ?? (site.stack === undefined ? [] : [site.stack]),
    consequence: registered.consequence,
    severity: site.orphan || isTestInput(claim.at.file) ? 'note' : (claim.severity ?? rule.severity),
    title: claim.title,
    why: rule.why,
    at: claim.at,
    because: chainOfCauses(claim.because ?? [], said.asked),
    symptoms: broken === undefined ? [] : symptomsOf(broken, model.dependencies),
    ...(site.service === undefined ? {} : { service: site.service }),
    ...(site.target === undefined ? {} : { target: site.target }),
    ...(site.orphan ? { orphan: true as const } : {}),
    ...(said.hypothetical ? { hypothetical: true as const } : {}),
    aliases: rule.aliases ?? [],
    ...(claim.fix === undefined ? {} : { fix: claim.fix }),
  };
}

/** What holds below a break is shown below it. Where that break is undecided, and so not shown, it holds whichever way it is. */
function shownPlainly(findings: readonly Finding[]): readonly Finding[] {
  const broken = new Set(
    findings.filter((f) => f.consequence === 'breaks-build' && f.hypothetical !== true).map((f) => f.target),
  );
  return findings.map((finding) => {
    if (finding.hypothetical !== true || broken.has(finding.target)) return finding;
    const { hypothetical: _below, ...rest } = finding;
    return rest;
  });
}

/** Two findings of one rule about one subject in one file (a user and a group with the same id) are told apart by their order. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const earlier = seen.get(finding.fingerprint) ?? 0;
    seen.set(finding.fingerprint, earlier + 1);
    return earlier === 0
      ? finding
      : { ...finding, fingerprint: fingerprint(finding.rule, finding.fingerprint, String(earlier)) };
  });
}

/** One root cause, one finding: the same rule at the same place in several stacks or targets lists them. */
function add(findings: Map<string, Finding>, finding: Finding): void {
  const key = `${finding.fingerprint} ${finding.at.line}:${finding.at.column} ${finding.title}`;
  const earlier = findings.get(key);
  if (earlier === undefined) {
    findings.set(key, finding);
    return;
  }
  const worse = rank(finding) < rank(earlier) ? finding : earlier;
  const symptoms = new Map(
    [...earlier.symptoms, ...finding.symptoms].map((s) => [`${s.at.file}:${s.at.line}:${s.text}`, s]),
  );
  const { orphan: _orphan, hypothetical: _hypothetical, ...rest } = worse;
  findings.set(key, {
    ...rest,
    ...(earlier.orphan === true && finding.orphan === true ? { orphan: true as const } : {}),
    ...(earlier.hypothetical === true && finding.hypothetical === true ? { hypothetical: true as const } : {}),
    stacks: [...new Set([...earlier.stacks, ...finding.stacks])],
    symptoms: [...symptoms.values()],
  });
}

function rank(finding: Finding): number {
  return (finding.orphan === true ? 1 : 0) * 100 + ['error', 'warning', 'note'].indexOf(finding.severity);
}

/** Live before orphan, certain before hypothetical, then worst consequence first, then by place. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    Number(a.orphan === true) - Number(b.orphan === true) ||
    CONSEQUENCES.indexOf(a.consequence) - CONSEQUENCES.indexOf(b.consequence) ||
    Number(a.hypothetical === true) - Number(b.hypothetical === true) ||
    comparePlaces(a.at, b.at) ||
    (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)
  );
}
