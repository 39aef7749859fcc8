import type { Reason } from '../facts/fact.ts';
import type { Ask, Fork } from '../facts/know.ts';
import type { BuildTarget, NodeId, RepositoryNode, Service, Stack } from '../model/types.ts';
import type { Place } from '../text/place.ts';
import type { Fix, Severity } from './finding.ts';

/** The nodes of the model a rule can look at. */
export interface RuleNodes {
  readonly target: BuildTarget;
  readonly service: Service;
  readonly stack: Stack;
  readonly repository: RepositoryNode;
}

/** What a rule says when its facts add up. The facts it asked for on the way become the causes. */
export interface Claim {
  readonly step: 'claim';
  /** The node that is broken; what follows from it is attached as symptoms. */
  readonly breaks?: NodeId;
  readonly at: Place;
  readonly title: string;
  /** What the finding is about, for its fingerprint: a path, a route, a variable. */
  readonly subject: string;
  /** Reasons beyond what was asked, in front of them. */
  readonly because?: readonly Reason[];
  readonly severity?: Severity;
  readonly hypothetical?: boolean;
  /** Ids of the stacks in which it holds, where the rule looks at the whole repository. */
  readonly stacks?: readonly string[];
  readonly fix?: Fix;
}

export type Check = Generator<Ask | Fork | Claim, void, unknown>;

/** One rule: data and a short generator over one kind of node. Its id and consequence are the names of its folders. */
export interface Rule<K extends keyof RuleNodes = keyof RuleNodes> {
  readonly on: K;
  readonly severity: Severity;
  /** The failing state in one line, as the catalogue lists it. */
  readonly summary: string;
  /** Why it matters: what the engine does, what the user sees. Two or three sentences. */
  readonly why: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Ids of other tools with the same meaning. */
  readonly aliases?: readonly string[];
  /** `engine`: predicts a failure that a proof record must show. `none`: predicts none. */
  readonly proof: 'engine' | 'none';
  /** `always`: it asks nothing that can be unknown, so it has no undecided case. */
  readonly decides?: 'always';
  check(node: RuleNodes[K]): Check;
}

/** A rule on any kind of node. */
export type AnyRule = { [K in keyof RuleNodes]: Rule<K> }[keyof RuleNodes];

/** Gives a rule its type. */
export function rule<K extends keyof RuleNodes>(definition: Rule<K>): Rule<K> {
  return definition;
}

/** The claim that ends a rule's path. */
export function claim(content: Omit<Claim, 'step'>): Claim {
  return { step: 'claim', ...content };
}
